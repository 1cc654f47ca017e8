// A worker captures several policies at a time, and Graph takes twenty requests in one batch.
const togetherMax = 20;

/**
 * Takes promises and returns their values when all have ended. Rejects with the first failure in their order, and
 * only when nothing is under way any more: an activity that has failed must not go on reading behind its back.
 */
export async function together<T extends readonly unknown[]>(promises: {
  [Key in keyof T]: Promise<T[Key]>;
}): Promise<T> {
  const settled = await Promise.allSettled(promises);
  const failed = settled.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return Promise.all(promises);
}

/** Takes elements and what to do with each, does it to a few at a time, and returns the results in order. */
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
