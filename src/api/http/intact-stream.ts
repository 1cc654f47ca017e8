import { SnapshotIntegrityError } from '#db/snapshot/snapshot-cipher.ts';
import { StoredPlanError } from '#domain/restore/stored-plan.ts';
import { Problem } from './problem.ts';

/**
 * Reads the first piece of stored bytes before the answer begins, so that damage there is a problem document instead of a
 * cut connection.
 * @param what the stored thing in a sentence: "the export".
 * @throws Problem `snapshot_corrupt`.
 */
export async function intactStream(
  bytes: AsyncGenerator<Buffer, void, void>,
  what: string,
): Promise<AsyncIterable<Buffer>> {
  try {
    const first = await bytes.next();
    return withFirst(first, bytes);
  } catch (error) {
    const isDamage = error instanceof SnapshotIntegrityError || error instanceof StoredPlanError;
    if (!isDamage) throw error;
    throw new Problem('snapshot_corrupt', `The stored content of ${what} is damaged.`);
  }
}

async function* withFirst(
  first: IteratorResult<Buffer, void>,
  rest: AsyncGenerator<Buffer, void, void>,
): AsyncGenerator<Buffer, void, void> {
  if (first.done === true) return;
  yield first.value;
  yield* rest;
}
