import { together } from '#domain/run/together.ts';

// A worker captures several policies at a time, and Graph accepts twenty requests in one batch.
const togetherMax = 20;

/** Runs `work` for each element, at most twenty at a time, and returns the results in order. */
export async function eachTogether<Element, Result>(
  elements: readonly Element[],
  work: (element: Element) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let start = 0; start < elements.length; start += togetherMax) {
    const group = elements.slice(start, start + togetherMax);
    for (const result of await together<Result[]>(group.map(work))) results.push(result);
  }
  return results;
}
