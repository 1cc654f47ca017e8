import { settleAll } from './settle-all.ts';

/**
 * Works on all elements, at most `limit` at once, and begins them in order. After a failure no further element begins,
 * or with `goOn` only the failed lane ends; the failure is thrown when all lanes have ended. An iterator is read only
 * when an element can begin.
 */
export async function forEachConcurrent<Element>(
  limit: number,
  elements: Iterable<Element>,
  work: (element: Element) => Promise<void>,
  afterFailure: 'stop' | 'goOn' = 'stop',
): Promise<void> {
  const waiting = elements[Symbol.iterator]();
  let stopped = false;
  const lane = async () => {
    while (!stopped) {
      const next = waiting.next();
      if (next.done === true) return;
      try {
        await work(next.value);
      } catch (error) {
        stopped = afterFailure === 'stop';
        throw error;
      }
    }
  };
  await settleAll(Array.from({ length: limit }, lane));
}

/** As {@link forEachConcurrent}, and returns the results in the order of the elements. */
export async function mapConcurrent<Element, Result>(
  limit: number,
  elements: readonly Element[],
  work: (element: Element) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  await forEachConcurrent(limit, elements.entries(), async ([index, element]) => {
    results[index] = await work(element);
  });
  return results;
}
