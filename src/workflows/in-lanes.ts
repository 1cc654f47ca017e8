/**
 * Runs a lane of work that many times at once. Every lane ends before this does, so that what is in flight is finished
 * and recorded; then the first failure, a cancellation among them, is thrown.
 */
export async function inLanes(count: number, lane: () => Promise<void>): Promise<void> {
  const lanes = await Promise.allSettled(Array.from({ length: count }, lane));
  const stopped = lanes.find((result) => result.status === 'rejected');
  if (stopped !== undefined) throw stopped.reason;
}
