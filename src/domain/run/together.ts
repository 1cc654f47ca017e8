/**
 * Takes promises and returns their values when all have ended. Rejects with the first failure in their order, a
 * cancellation among them, and only when nothing is under way any more: what is in flight is finished and recorded, and
 * whoever has failed does not go on working behind its own back.
 */
export async function together<T extends readonly unknown[]>(promises: {
  readonly [Key in keyof T]: Promise<T[Key]>;
}): Promise<T> {
  const settled = await Promise.allSettled(promises);
  const failed = settled.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return settled.map((result) => ('value' in result ? result.value : undefined)) as unknown as T;
}
