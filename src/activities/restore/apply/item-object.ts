import { capturedItem } from '#activities/backup/captured-item.ts';
import { inTenant } from '#db/database.ts';
import { noteItemObject, recordCreatedObject } from '#db/restore/created-objects.ts';
import { noteCheckedItem } from '#db/restore/item-progress.ts';
import { insertSnapshots } from '#db/snapshot/snapshots.ts';
import type { PolicyDocument } from '#domain/json/policy-document.ts';
import { createWriteName } from '#domain/restore/planned-write.ts';
import { capturePolicy } from '#graph/capture/capture-policy.ts';
import type { CapturedPolicy } from '#graph/capture/captured-policy.ts';
import { GraphError } from '#graph/port/graph-error.ts';
import { findCreated } from './find-created.ts';
import { RetryLaterError, type ItemContext } from './restore-context.ts';
import { claimLost } from './send-write.ts';

/** The delay before the next read of a new object, which may not be readable everywhere yet. */
export const replicationMs = 2_000;
/** Some minutes in total; after this time the object was created and deleted again. */
export const replicationAttemptsMax = 60;

/** Throws RetryLaterError while a non-repeatable write is younger than the settle window: Graph may still carry it out. */
export function assertSettled({ deps, writes }: ItemContext): void {
  const open = writes.filter(({ state, repeatable }) => state === 'intended' && !repeatable);
  const youngestMs = Math.min(...open.map(({ age_seconds }) => age_seconds * 1_000));
  const leftMs = deps.settle.settleMs - youngestMs;
  if (leftMs > 0) {
    const context = { settling: open.length };
    throw new RetryLaterError('graph_unavailable', { afterMs: leftMs, context });
  }
}

/**
 * Finds the object of an item: its target, the object it created, or the object of a create whose answer was lost. The
 * caller has settled all writes before.
 * @returns its id, or null if the object must still be created.
 */
export async function findItemObject(
  context: ItemContext,
  desired: PolicyDocument,
): Promise<string | null> {
  const { item, deps, restore, writes } = context;
  if (item.target_graph_id !== null && item.action !== 'create') return item.target_graph_id;
  const create = writes.find(({ name }) => name === createWriteName);
  if (create === undefined || create.state === 'refused') return null;
  if (create.state === 'done') return create.object_id;
  const found = await findCreated(context, create, desired);
  if (found === null) return null;
  const adopted = { objectId: found, status: null, claim: create.claims };
  const settled = await inTenant(deps.db, restore.tenantId, (trx) =>
    recordCreatedObject(trx, item, adopted),
  );
  if (!settled) throw claimLost(context);
  return found;
}

/**
 * Reads the live object; null if it is gone. A 404 for an object that this item created is replication lag: throws
 * RetryLaterError.
 */
export async function readItemObject(
  { type, reader, signal, item }: ItemContext,
  graphId: string,
): Promise<CapturedPolicy | null> {
  try {
    return await capturePolicy(reader, type, graphId, { signal });
  } catch (error) {
    if (!(error instanceof GraphError) || error.kind !== 'not_found') throw error;
    if (item.action !== 'create') return null;
    const final = item.attempts + 1 >= replicationAttemptsMax;
    const again = { afterMs: replicationMs, counts: true, final, context: { graphId } };
    throw new RetryLaterError('policy_gone', again);
  }
}

/** Keeps a snapshot of the object before the first write, for an undo. */
export async function takeSnapshot(
  { deps, restore, item, type }: ItemContext,
  live: CapturedPolicy,
): Promise<void> {
  const { tenantId, runId } = restore;
  await inTenant(deps.db, tenantId, async (trx) => {
    const policyId = await noteItemObject(trx, item, live);
    if (policyId === null) throw new Error('the inventory did not take the policy');
    const ref = { itemId: item.item_id, policyId, graphId: live.graphId };
    const { snapshot } = capturedItem(ref, live, type);
    const rows = await insertSnapshots(trx, deps.cipher, runId, [snapshot]);
    await noteCheckedItem(trx, { runId, itemId: item.item_id }, rows[0]?.id ?? null);
  });
}
