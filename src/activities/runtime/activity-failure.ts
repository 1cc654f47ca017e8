import { activityInfo, log } from '@temporalio/activity';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { isDatabaseUnavailable } from '#db/database-unavailable.ts';
import { StoredPlanError } from '#domain/restore/stored-plan.ts';
import { type FailureCode, type FailureContext, failureMessages } from '#domain/run/failure.ts';
import { CaptureError } from '#graph/capture/capture-error.ts';
import { budgetExhaustedCode } from '#graph/lanes/budget-wait.ts';
import { GraphError, type GraphErrorKind } from '#graph/port/graph-error.ts';

interface Treatment {
  readonly code: FailureCode;
  /** The attempt at which the failure becomes permanent; 1 means at once. Throttling gets the most attempts. */
  readonly attemptsMax: number;
}

/** The failure code of each kind of Graph error, and the limit of its attempts. */
const treatments: Record<GraphErrorKind, Treatment> = {
  throttled: { code: 'graph_throttled', attemptsMax: 100 },
  unavailable: { code: 'graph_unavailable', attemptsMax: 20 },
  timeout: { code: 'graph_unavailable', attemptsMax: 10 },
  network: { code: 'graph_unavailable', attemptsMax: 20 },
  server_error: { code: 'graph_unavailable', attemptsMax: 8 },
  invalid_response: { code: 'graph_invalid_response', attemptsMax: 4 },
  conflict: { code: 'graph_unavailable', attemptsMax: 5 },
  // The client has already retried with a fresh token.
  unauthorized: { code: 'graph_unauthorized', attemptsMax: 1 },
  forbidden: { code: 'graph_forbidden', attemptsMax: 1 },
  not_found: { code: 'policy_gone', attemptsMax: 1 },
  bad_request: { code: 'graph_bad_request', attemptsMax: 1 },
  too_large: { code: 'too_large', attemptsMax: 1 },
  untrusted_link: { code: 'graph_invalid_response', attemptsMax: 1 },
  write_blocked: { code: 'write_blocked', attemptsMax: 1 },
};

/** A capture may meet a policy in the middle of a change; a few retries are enough. */
const captureAttemptsMax = 4;
/** An item with an unforeseen failure must not delay the others of its range for hours. */
const unforeseenAttemptsMax = 5;
/** Intune's throttling window is 20 s; this is the delay of a 429 without Retry-After. */
const throttledDelaySeconds = 10;
/** An absurd Retry-After must not delay an item for days. */
const retryAfterSecondsMax = 300;
/** Temporal reads a zero delay as "no further attempt": a Retry-After of 0 would fail the item. */
const retryAfterSecondsMin = 0.5;
/** The largest jitter, as a share of the delay, so that tenants throttled together do not retry together. */
const jitterShare = 0.2;
/** The jitter in seconds between retries that wait for the budget of one tenant. */
const budgetJitterSeconds = 1;

/** Failure codes that depend on the request: a 404 on a policy is `policy_gone`, on a collection `type_unavailable`. */
export interface FailureWords {
  readonly notFound: FailureCode;
  /** The code of a 400; `graph_bad_request` by default. */
  readonly badRequest?: FailureCode;
  readonly context: FailureContext;
  /** The attempt of the item, if the activity works on several items; by default the attempt of the activity. */
  readonly attempt?: number;
}

/**
 * Translates every error of an activity into codes, ids and numbers for Temporal. Cancellations and translated failures
 * pass unchanged. Messages of libraries do not pass, because a database may quote a row and Graph a body. Unforeseen
 * errors go to the log in full.
 */
export function toActivityFailure(error: unknown, words: FailureWords): Error {
  if (error instanceof CancelledFailure || error instanceof ApplicationFailure) return error;
  if (error instanceof GraphError) return fromGraph(error, words);
  if (error instanceof CaptureError) return fromCapture(error, words);
  if (isOutOfTime(error)) return fromGraph(new GraphError(outOfTime), words);
  log.error('activity failed unexpectedly', { err: error });
  if (error instanceof StoredPlanError) return permanentFailure('plan_unreadable', words.context);
  // A database outage says nothing about the item, whatever its attempts.
  const isOften = words.attempt !== undefined && words.attempt >= unforeseenAttemptsMax;
  const final = isOften && !isDatabaseUnavailable(error);
  return permanentOrNot('internal_error', words.context, final, undefined);
}

/** The time limit of an attempt counts as slowness of Graph. */
const outOfTime = { kind: 'timeout', code: 'attempt_timeout' } as const;

/** Returns whether the `AbortSignal.timeout` of an attempt ended it. */
function isOutOfTime(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'TimeoutError';
}

/** Makes a failure without retries. */
export function permanentFailure(code: FailureCode, context: FailureContext): ApplicationFailure {
  return permanentOrNot(code, context, true, undefined);
}

/** Makes a failure with a retry after this delay. */
export function retryLater(
  code: FailureCode,
  context: FailureContext,
  afterMs: number,
): ApplicationFailure {
  return permanentOrNot(code, context, false, afterMs / 1_000);
}

function fromGraph(error: GraphError, words: FailureWords): ApplicationFailure {
  const { code, attemptsMax } = treatments[error.kind];
  const meaning: Partial<Record<GraphErrorKind, FailureCode | undefined>> = {
    not_found: words.notFound,
    bad_request: words.badRequest,
    // Entra's refusals have codes of their own: consent or a valid credential is missing, not a permission.
    unauthorized: error.code.startsWith('AADSTS') ? 'token_unavailable' : undefined,
  };
  const context: FailureContext = {
    ...words.context,
    graphCode: error.code,
    status: error.status,
    requestId: error.requestId,
  };
  // A wait for the budget of the tenant is no attempt: Graph was not asked.
  const isAttempt = error.code !== budgetExhaustedCode;
  return permanentOrNot(
    meaning[error.kind] ?? code,
    context,
    isAttempt && attemptOf(words) >= attemptsMax,
    retryDelaySeconds(error),
  );
}

function fromCapture(error: CaptureError, words: FailureWords): ApplicationFailure {
  const code = error.code === 'setting_count_mismatch' ? error.code : 'too_large';
  const permanent = !error.retryable || attemptOf(words) >= captureAttemptsMax;
  return permanentOrNot(code, { ...words.context, ...error.context }, permanent, undefined);
}

function attemptOf(words: FailureWords): number {
  return words.attempt ?? activityInfo().attempt;
}

/** Returns the retry delay after a 429 or 503 in seconds; undefined means the backoff of the retry policy. */
function retryDelaySeconds(error: GraphError): number | undefined {
  if (error.retryAfterSeconds === null && error.kind !== 'throttled') return undefined;
  const asked = error.retryAfterSeconds ?? throttledDelaySeconds;
  const seconds = Math.min(Math.max(asked, retryAfterSecondsMin), retryAfterSecondsMax);
  // The budget sets its own order; a late caller would leave a part of the window unused.
  const jitter = error.code === budgetExhaustedCode ? budgetJitterSeconds : seconds * jitterShare;
  return seconds + Math.random() * jitter;
}

function permanentOrNot(
  code: FailureCode,
  context: FailureContext,
  nonRetryable: boolean,
  delaySeconds: number | undefined,
): ApplicationFailure {
  return ApplicationFailure.create({
    type: code,
    message: failureMessages[code],
    details: [context],
    nonRetryable,
    ...(delaySeconds === undefined ? {} : { nextRetryDelay: Math.ceil(delaySeconds * 1000) }),
  });
}
