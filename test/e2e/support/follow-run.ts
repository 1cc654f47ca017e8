import { setTimeout as sleep } from 'node:timers/promises';
import type { Run, RunItem, Started } from './api-types.ts';
import { type ApiAnswer, type ApiUser, expectAnswer, wholeList } from './api-user.ts';

const pollIntervalMs = 50;

/** Long enough for a machine that is busy with other suites. */
const endsWithinSecondsDefault = 60;

/** Whether a run has ended. */
export function hasEnded({ status }: Run): boolean {
  return status !== 'queued' && status !== 'running';
}

/**
 * Polls a run until its end. Polls again after an answer other than 200 and after no answer, because tests take parts
 * down. Throws after `seconds`.
 */
export async function untilEnded(
  user: ApiUser,
  runId: string,
  seconds: number = endsWithinSecondsDefault,
): Promise<Run> {
  return untilRun(user, runId, hasEnded, seconds);
}

/** Polls a run until it meets a condition. Throws after `seconds`. */
export async function untilRun(
  user: ApiUser,
  runId: string,
  isAsWanted: (run: Run) => boolean,
  seconds: number = endsWithinSecondsDefault,
): Promise<Run> {
  const deadline = performance.now() + seconds * 1000;
  for (;;) {
    const answer = await user.call('GET', `/tenants/{t}/runs/${runId}`).catch(() => undefined);
    const run = answer?.status === 200 ? answer.json<Run>() : undefined;
    if (run !== undefined && isAsWanted(run)) return run;
    if (performance.now() > deadline) {
      throw new Error(`run ${runId} is ${run?.status ?? 'out of reach'} after ${seconds} s`);
    }
    await sleep(pollIntervalMs);
  }
}

/** Reads the answer to a start. Throws unless it is a 202. */
export async function started(answering: Promise<ApiAnswer>): Promise<Started> {
  return expectAnswer<Started>(answering, 202);
}

/** Starts work and waits for its end. */
export async function runToEnd(user: ApiUser, path: string, body: unknown = {}): Promise<Run> {
  const { run } = await started(user.call('POST', path, body));
  return untilEnded(user, run.id);
}

/** All items of a run. */
export function itemsOf(user: ApiUser, runId: string): Promise<RunItem[]> {
  return wholeList<RunItem>(user, `/tenants/{t}/runs/${runId}/items`);
}
