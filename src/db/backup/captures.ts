import { sql } from 'kysely';
import type { TenantTrx } from '#db/database.ts';
import { addToRunCounts } from '#db/run/run-counts.ts';
import type { SnapshotCipher } from '#db/snapshot/snapshot-cipher.ts';
import { insertSnapshots, type NewSnapshot } from '#db/snapshot/snapshots.ts';

/** A policy captured by an item of a run. */
export interface CapturedItem {
  readonly itemId: string;
  readonly snapshot: NewSnapshot;
}

/**
 * Records items as succeeded and stores their snapshots, in the inventory and, for items of a backup set, in the set.
 * Outcomes come first: an item with an outcome, recorded by an attempt thought dead, keeps its snapshot.
 */
export function recordCaptures(
  trx: TenantTrx,
  cipher: SnapshotCipher,
  runId: string,
  captured: readonly CapturedItem[],
): Promise<void> {
  return record(trx, cipher, runId, captured, updateInventory);
}

/**
 * As {@link recordCaptures}, for policies of an archive. It leaves the inventory alone: an archive says nothing about
 * the tenant's present state.
 */
export function recordImports(
  trx: TenantTrx,
  cipher: SnapshotCipher,
  runId: string,
  imported: readonly CapturedItem[],
): Promise<void> {
  return record(trx, cipher, runId, imported, async () => undefined);
}

async function record(
  trx: TenantTrx,
  cipher: SnapshotCipher,
  runId: string,
  captured: readonly CapturedItem[],
  alsoUpdate: typeof updateInventory,
): Promise<void> {
  const first = await recordSuccesses(trx, runId, captured);
  const kept = captured.filter(({ itemId }) => first.has(itemId));
  if (kept.length === 0) return;
  const rows = await insertSnapshots(
    trx,
    cipher,
    runId,
    kept.map(({ snapshot }) => snapshot),
  );
  const snapshots = JSON.stringify(rows.map((row) => ({ id: row.id, policyId: row.policy_id })));
  await alsoUpdate(trx, snapshots);
  await sql`
    update backup_set_items b set snapshot_id = k.id
    from jsonb_to_recordset(${snapshots}::jsonb) as k(id uuid, "policyId" uuid)
    join run_items i on i.tenant_id = ${trx.tenantId} and i.run_id = ${runId} and i.policy_id = k."policyId"
    where b.tenant_id = ${trx.tenantId} and b.backup_item_id = i.backup_item_id`.execute(trx);
  // Last, because the update locks the row of the run, and all other activities of the run wait for it.
  await addToRunCounts(trx, runId, { succeeded: kept.length });
}

/** @param snapshots JSON of an array of objects with their ids. */
async function updateInventory(trx: TenantTrx, snapshots: string): Promise<void> {
  await sql`
    update policies p set last_snapshot_id = s.id, last_captured_at = s.captured_at, present = true
    from snapshots s join jsonb_to_recordset(${snapshots}::jsonb) as k(id uuid) on k.id = s.id
    where s.tenant_id = ${trx.tenantId} and p.tenant_id = ${trx.tenantId} and p.id = s.policy_id`.execute(
    trx,
  );
}

/** @returns the ids of the items without an earlier outcome. */
async function recordSuccesses(
  trx: TenantTrx,
  runId: string,
  captured: readonly CapturedItem[],
): Promise<ReadonlySet<string>> {
  const facts = captured.map(({ itemId, snapshot: { displayName, warnings } }) => ({
    itemId,
    displayName,
    warnings,
  }));
  const { rows } = await sql<{ item_id: string }>`
    update run_items i set outcome = 'succeeded', display_name = f."displayName", warnings = f.warnings,
      started_at = coalesce(started_at, now()), attempts = greatest(attempts, 1), finished_at = now()
    from jsonb_to_recordset(${JSON.stringify(facts)}::jsonb)
      as f("itemId" uuid, "displayName" text, warnings jsonb)
    where i.tenant_id = ${trx.tenantId} and i.run_id = ${runId} and i.item_id = f."itemId"
      and i.outcome = 'pending'
    returning i.item_id`.execute(trx);
  return new Set(rows.map((row) => row.item_id));
}
