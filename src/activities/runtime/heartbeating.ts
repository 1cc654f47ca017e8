import { Context } from '@temporalio/activity';

/** Several beats fit into the heartbeat timeout of 15 s, so that one slow moment does not look like a death. */
const heartbeatIntervalMs = 4_000;

/**
 * Runs `work` while telling Temporal every few seconds that the worker lives; without it, a long call to Graph
 * would look like a crash, and a cancellation would not arrive.
 * @param work gets a function that stores the resume cursor sent with every beat from then on.
 */
export async function heartbeating<T>(
  work: (save: (cursor: unknown) => void) => Promise<T>,
): Promise<T> {
  const context = Context.current();
  let cursor: unknown = context.info.heartbeatDetails;
  const beat = () => context.heartbeat(cursor);
  const timer = setInterval(beat, heartbeatIntervalMs);
  try {
    return await work((next) => {
      cursor = next;
      beat();
    });
  } finally {
    clearInterval(timer);
  }
}
