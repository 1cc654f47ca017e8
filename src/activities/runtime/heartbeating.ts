import { Context } from '@temporalio/activity';

/** Several beats fit into the heartbeat timeout of 15 s, so one slow moment does not look like a crash. */
const heartbeatIntervalMs = 4_000;

/**
 * Heartbeats every few seconds while `work` runs. Without heartbeats, a long call to Graph would look like a crash, and
 * cancellations would not arrive.
 * @param work gets a function to store the resume cursor of all further heartbeats.
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
