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
  /** After how many attempts it counts as permanent; 1 means at once. Throttling alone is waited out for long. */
  readonly attemptsMax: number;
}

/** What each kind of Graph's failures means for the item, and how often it is worth another attempt. */
const treatments: Record<GraphErrorKind, Treatment> = {
  throttled: { code: 'graph_throttled', attemptsMax: 100 },
  unavailable: { code: 'graph_unavailable', attemptsMax: 20 },
  timeout: { code: 'graph_unavailable', attemptsMax: 10 },
  network: { code: 'graph_unavailable', attemptsMax: 20 },
  server_error: { code: 'graph_unavailable', attemptsMax: 8 },
  invalid_response: { code: 'graph_invalid_response', attemptsMax: 4 },
  conflict: { code: 'graph_unavailable', attemptsMax: 5 },
  // The client has tried a fresh token already.
  unauthorized: { code: 'graph_unauthorized', attemptsMax: 1 },
  forbidden: { code: 'graph_forbidden', attemptsMax: 1 },
  not_found: { code: 'policy_gone', attemptsMax: 1 },
  bad_request: { code: 'graph_bad_request', attemptsMax: 1 },
  too_large: { code: 'too_large', attemptsMax: 1 },
  untrusted_link: { code: 'graph_invalid_response', attemptsMax: 1 },
  write_blocked: { code: 'write_blocked', attemptsMax: 1 },
};

/** A capture that met a policy just being changed is repeated a few times. */
const captureAttemptsMax = 4;
/** An item that keeps failing in a way that nobody has foreseen must not hold up the others of its range for hours. */
const unforeseenAttemptsMax = 5;
/** Intune's window of throttling is 20 s; where it does not say when to come back, this is when. */
const throttledDelaySeconds = 10;
/** An absurd Retry-After must not park an item for days. */
const retryAfterSecondsMax = 300;
/** Temporal takes a delay of nothing for "no further attempt": a Retry-After of 0 would fail the item for good. */
const retryAfterSecondsMin = 0.5;
/** Tenants that were throttled together must not come back together: up to this share is added to a delay. */
const jitterShare = 0.2;
/** Those who wait for the budget of one tenant come back within so many seconds of each other. */
const budgetJitterSeconds = 1;

/** How a failure that no word of Graph explains is named: the caller knows what it asked for. */
export interface FailureWords {
  readonly notFound: FailureCode;
  /** What a 400 means; refused as invalid unless the caller knows better. */
  readonly badRequest?: FailureCode;
  readonly context: FailureContext;
  /** Which attempt this was, where that is not the activity's own: an item among others has its own count. */
  readonly attempt?: number;
}

/**
 * The one translation of whatever an activity throws into what Temporal may keep: a code, ids and numbers.
 * Cancellations and failures that are translated already pass; messages of libraries never do, since a
 * database's may quote a row and Graph's a body. What is unforeseen is logged in full here.
 */
export function toActivityFailure(error: unknown, words: FailureWords): Error {
  if (error instanceof CancelledFailure || error instanceof ApplicationFailure) return error;
  if (error instanceof GraphError) return fromGraph(error, words);
  if (error instanceof CaptureError) return fromCapture(error, words);
  if (isOutOfTime(error)) return fromGraph(new GraphError(outOfTime), words);
  log.error('activity failed unexpectedly', { err: error });
  if (error instanceof StoredPlanError) return permanentFailure('plan_unreadable', words.context);
  // A database that is away says nothing about an item, however often that has been tried.
  const isOften = words.attempt !== undefined && words.attempt >= unforeseenAttemptsMax;
  const final = isOften && !isDatabaseUnavailable(error);
  return permanentOrNot('internal_error', words.context, final, undefined);
}

/** The time of an attempt goes to Graph: whatever it was waiting for when it was over, Graph was too slow. */
const outOfTime = { kind: 'timeout', code: 'attempt_timeout' } as const;

/** Whether an attempt was ended by its own `AbortSignal.timeout`. */
function isOutOfTime(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'TimeoutError';
}

/** A failure that no retry can mend. */
export function permanentFailure(code: FailureCode, context: FailureContext): ApplicationFailure {
  return permanentOrNot(code, context, true, undefined);
}

/** A failure that is none yet: another attempt, after so many milliseconds, may mend it. */
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
    // Entra's refusals carry its own codes: what is missing then is consent or a valid credential, not a right.
    unauthorized: error.code.startsWith('AADSTS') ? 'token_unavailable' : undefined,
  };
  const context: FailureContext = {
    ...words.context,
    graphCode: error.code,
    status: error.status,
    requestId: error.requestId,
  };
  // Waiting for the tenant's budget is no attempt: Graph was not asked.
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

/** When to come back after a 429 or 503, in seconds; undefined leaves it to the retry policy's backoff. */
function retryDelaySeconds(error: GraphError): number | undefined {
  if (error.retryAfterSeconds === null && error.kind !== 'throttled') return undefined;
  const asked = error.retryAfterSeconds ?? throttledDelaySeconds;
  const seconds = Math.min(Math.max(asked, retryAfterSecondsMin), retryAfterSecondsMax);
  // The budget has its own order; whoever comes later than it says leaves a part of the window unused.
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
