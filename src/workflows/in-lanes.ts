/**
 * Waits until all work that was begun has ended, so that what is in flight is finished and recorded; then the first
 * failure, a cancellation among them, is thrown.
 */
export async function together<T extends readonly unknown[]>(work: {
  readonly [K in keyof T]: Promise<T[K]>;
}): Promise<T> {
  const ended = await Promise.allSettled(work);
  const stopped = ended.find((result) => result.status === 'rejected');
  if (stopped !== undefined) throw stopped.reason;
  return ended.map((result) => ('value' in result ? result.value : undefined)) as unknown as T;
}

/** Runs a lane of work that many times at once; see {@link together}. */
export async function inLanes(count: number, lane: () => Promise<void>): Promise<void> {
  await together(Array.from({ length: count }, lane));
}
