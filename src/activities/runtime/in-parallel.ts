import { together } from '#domain/run/together.ts';

/**
 * Does the work for every item, at most `limit` at once, in order of their start. All that has begun ends before this
 * does; after a failure nothing new begins, and the first failure is thrown.
 */
export async function inParallel<T>(
  limit: number,
  items: readonly T[],
  work: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = [...items];
  let failed = false;
  const lane = async () => {
    for (let item = waiting.shift(); item !== undefined && !failed; item = waiting.shift()) {
      try {
        await work(item);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  await together(Array.from({ length: limit }, lane));
}
