import { inTenant } from '#db/database.ts';
import { recordCreatedObject } from '#db/restore/created-objects.ts';
import { intendGraphWrite, settleGraphWrite } from '#db/restore/graph-writes.ts';
import { isGraphId } from '#domain/identity/graph-id.ts';
import { addressedTo, createWriteName, type PlannedWrite } from '#domain/restore/planned-write.ts';
import { isAmbiguous } from '#graph/wire/write-outcome.ts';
import { type ItemContext, RetryLaterError } from './restore-context.ts';

/**
 * Sends one write of an item: takes it from the budget, records the intent, sends it once, and records the result.
 * After a failure with an unknown fate, the intent stays.
 * @param graphId the id of the object; null for a create.
 * @returns that id.
 */
export async function sendWrite(
  context: ItemContext,
  write: PlannedWrite,
  graphId: string | null,
): Promise<string> {
  const { deps, restore, item, writer, writes, signal, reached } = context;
  const { tenantId, runId } = restore;
  const ref = {
    runId,
    itemId: item.item_id,
    policyType: item.policy_type,
    displayName: item.display_name,
  };
  const { path, body } = addressedTo(write, graphId ?? '');
  // A wait longer than the attempt happens between attempts and does not count as one.
  const leftMs = Math.max(0, context.endsAtMs - performance.now());
  await writer.admit(path, { signal, waitMsMax: Math.min(deps.settle.budgetWaitMs, leftMs) });
  reached('budget_granted');
  const claimedAtMs = performance.now();
  const seen = writes.find(({ name }) => name === write.name)?.claims ?? 0;
  const claim = await inTenant(deps.db, tenantId, (trx) =>
    intendGraphWrite(trx, deps.cipher, ref, { ...write, path, body }, seen),
  );
  if (claim === null) throw claimLost(context);
  reached('write_intended');
  const answer = await writer
    .send({
      method: write.method,
      path,
      body,
      notAfterMs: claimedAtMs + deps.settle.claimMs,
    })
    .catch(async (error: unknown) => {
      if (!isAmbiguous(error)) await refused(context, write, claim, error);
      throw error;
    });
  reached('write_sent');
  const objectId = graphId ?? idOf(answer.object);
  // Graph has created an object without telling its id: the next attempt searches it.
  if (objectId === null) {
    throw new RetryLaterError('create_unsettled', { afterMs: deps.settle.settleMs, counts: true });
  }
  const settled = await inTenant(deps.db, tenantId, (trx) => {
    const done = { state: 'done', status: answer.status, claim } as const;
    return write.name === createWriteName
      ? recordCreatedObject(trx, item, { ...done, objectId })
      : settleGraphWrite(trx, ref, write.name, { ...done, objectId: null });
  });
  if (!settled) throw claimLost(context);
  reached('write_recorded');
  return objectId;
}

/** Another attempt has continued the item while this one was paused; it keeps the item. */
export function claimLost({ deps }: ItemContext): RetryLaterError {
  return new RetryLaterError('graph_unavailable', { afterMs: deps.settle.settleMs });
}

async function refused(
  { deps, restore, item }: ItemContext,
  { name }: PlannedWrite,
  claim: number,
  error: unknown,
): Promise<void> {
  const { status } = error as { status?: number | null };
  const answer = { state: 'refused', status: status ?? null, objectId: null, claim } as const;
  await inTenant(deps.db, restore.tenantId, (trx) =>
    settleGraphWrite(trx, { runId: restore.runId, itemId: item.item_id }, name, answer),
  );
}

function idOf(object: Readonly<Record<string, unknown>> | null): string | null {
  const id = object !== null && Object.hasOwn(object, 'id') ? object['id'] : undefined;
  return isGraphId(id) ? id : null;
}
