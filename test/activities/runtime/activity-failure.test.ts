import { describe, expect, it } from '@jest/globals';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { type FailureWords, toActivityFailure } from '#activities/runtime/activity-failure.ts';
import { CaptureError } from '#graph/capture/capture-error.ts';
import { GraphError, type GraphErrorFacts, type GraphErrorKind } from '#graph/port/graph-error.ts';

const words: FailureWords = { notFound: 'policy_gone', context: { itemId: 'item-1' } };

/** Translates an error of the given attempt. */
async function translate(error: unknown, attempt = 1): Promise<ApplicationFailure> {
  const environment = new MockActivityEnvironment({ attempt });
  const failure = await environment.run(async () => toActivityFailure(error, words));
  if (!(failure instanceof ApplicationFailure)) throw failure;
  return failure;
}

function graphError(facts: Partial<GraphErrorFacts> & { kind: GraphErrorKind }) {
  return new GraphError({ code: 'SomeCode', status: 500, requestId: 'request-1', ...facts });
}

async function retryDelayMs(facts: Partial<GraphErrorFacts> & { kind: GraphErrorKind }) {
  return (await translate(graphError(facts))).nextRetryDelay;
}

describe('a failure of Graph', () => {
  // Catches: retries of a permanent answer, and no retry of a passing one.
  it.each<[GraphErrorKind, string, number]>([
    ['throttled', 'graph_throttled', 100],
    ['unavailable', 'graph_unavailable', 20],
    ['network', 'graph_unavailable', 20],
    ['timeout', 'graph_unavailable', 10],
    ['server_error', 'graph_unavailable', 8],
    ['conflict', 'graph_unavailable', 5],
    ['invalid_response', 'graph_invalid_response', 4],
    ['unauthorized', 'graph_unauthorized', 1],
    ['forbidden', 'graph_forbidden', 1],
    ['not_found', 'policy_gone', 1],
    ['bad_request', 'graph_bad_request', 1],
    ['too_large', 'too_large', 1],
    ['untrusted_link', 'graph_invalid_response', 1],
    ['write_blocked', 'write_blocked', 1],
  ])('of the kind %s is %s, and final at attempt %i', async (kind, code, attemptsMax) => {
    const last = await translate(graphError({ kind }), attemptsMax);
    expect(last).toMatchObject({ type: code, nonRetryable: true });
    if (attemptsMax === 1) return;
    const before = await translate(graphError({ kind }), attemptsMax - 1);
    expect(before).toMatchObject({ type: code, nonRetryable: false });
  });

  // Catches: an item with an unforeseen failure that delays its range for hours.
  it('becomes final for an item after some attempts if unforeseen, for an activity never', async () => {
    const environment = new MockActivityEnvironment({ attempt: 100 });
    const translated = (attempt?: number) =>
      environment.run(async () =>
        toActivityFailure(
          new TypeError('x'),
          attempt === undefined ? words : { ...words, attempt },
        ),
      );
    expect(await translated(4)).toMatchObject({ type: 'internal_error', nonRetryable: false });
    expect(await translated(5)).toMatchObject({ type: 'internal_error', nonRetryable: true });
    expect(await translated()).toMatchObject({ type: 'internal_error', nonRetryable: false });
  });

  // Catches: an item that fails at the first database outage because dead workers had used up its attempts.
  it('is retried without end if the database is away', async () => {
    const broken = new Error('Connection terminated unexpectedly');
    const often = { ...words, attempt: 50 };
    const environment = new MockActivityEnvironment({ attempt: 50 });
    const failed = await environment.run(async () => toActivityFailure(broken, often));
    expect(failed).toMatchObject({ type: 'internal_error', nonRetryable: false });
  });

  // Catches: a timeout that counts as a bug, with the few attempts of one.
  it('to answer within an attempt counts as a timeout', async () => {
    const over = new DOMException('The operation was aborted due to timeout', 'TimeoutError');
    expect(await translate(over, 9)).toMatchObject({
      ...{ type: 'graph_unavailable', nonRetryable: false },
    });
    expect(await translate(over, 10)).toMatchObject({
      ...{ type: 'graph_unavailable', nonRetryable: true },
    });
  });

  // Catches: items of a large tenant that fail after waits for the budget, and windows left half empty.
  it('does not count a wait for the budget, and retries when the budget has room', async () => {
    const waiting = { kind: 'throttled', code: 'budget_exhausted', retryAfterSeconds: 20 } as const;
    expect(await translate(graphError(waiting), 5_000)).toMatchObject({ nonRetryable: false });
    expect(await retryDelayMs(waiting)).toBeLessThanOrEqual(21_000);
    expect(await retryDelayMs(waiting)).toBeGreaterThanOrEqual(20_000);
  });

  // Catches: a message about permissions in Graph when consent or the credential is missing.
  it('has codes of its own if Entra refused', async () => {
    const refused = await translate(graphError({ kind: 'unauthorized', code: 'AADSTS700016' }));
    expect(refused).toMatchObject({ type: 'token_unavailable', nonRetryable: true });
  });

  it('names its item in ids and codes', async () => {
    const { details } = await translate(graphError({ kind: 'forbidden', status: 403 }));
    expect(details).toEqual([
      { itemId: 'item-1', graphCode: 'SomeCode', status: 403, requestId: 'request-1' },
    ]);
  });
});

describe('the retry delay', () => {
  // Catches: Retry-After ignored, an absurd one obeyed, or 0, which Temporal reads as "never".
  it.each([
    [2, 2_000, 2_400],
    [0.5, 500, 600],
    [0, 500, 600],
    [86_400, 300_000, 360_000],
    [null, 10_000, 12_000],
  ])('after a Retry-After of %p seconds is %i to %i ms', async (asked, least, most) => {
    for (let round = 0; round < 50; round += 1) {
      const delay = await retryDelayMs({ kind: 'throttled', retryAfterSeconds: asked });
      expect(delay).toBeGreaterThanOrEqual(least);
      expect(delay).toBeLessThanOrEqual(most);
    }
  });

  it('is the backoff of the retry policy without a Retry-After', async () => {
    expect(await retryDelayMs({ kind: 'server_error' })).toBeUndefined();
    expect(await retryDelayMs({ kind: 'unavailable', retryAfterSeconds: 3 })).toBeDefined();
  });
});

describe('any other error', () => {
  // Catches: a message of a library in a history; it may quote a row or a body.
  it('becomes a code without its text, and is retried', async () => {
    const failure = await translate(new Error('duplicate key (name)=(Secret policy)'));
    expect(failure).toMatchObject({ type: 'internal_error', nonRetryable: false });
    expect(JSON.stringify([failure.message, failure.details])).not.toContain('Secret');
    expect(failure.cause).toBeUndefined();
  });

  it('is retried if the policy changed during its capture', async () => {
    const options = { retryable: true, context: { expected: 3, actual: 2 } };
    const error = new CaptureError('setting_count_mismatch', options);
    expect(await translate(error, 3)).toMatchObject({ nonRetryable: false });
    const last = await translate(error, 4);
    expect(last).toMatchObject({ type: 'setting_count_mismatch', nonRetryable: true });
    expect(last.details).toEqual([{ itemId: 'item-1', expected: 3, actual: 2 }]);
  });

  it('passes unchanged if translated already', async () => {
    const cancelled = new CancelledFailure('cancelled');
    await expect(translate(cancelled)).rejects.toBe(cancelled);
    const known = ApplicationFailure.nonRetryable('x', 'run_not_found');
    expect(await translate(known)).toBe(known);
  });
});
