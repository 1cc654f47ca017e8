/**
 * Waits until all promises have ended, and returns their values. Rejects with the first failure in their order only
 * then: work in flight ends and is recorded before its caller goes on.
 */
export async function settleAll<T extends readonly unknown[]>(promises: {
  readonly [Key in keyof T]: Promise<T[Key]>;
}): Promise<T> {
  const settled = await Promise.allSettled(promises);
  const failed = settled.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return settled.map((result) => ('value' in result ? result.value : undefined)) as unknown as T;
}
