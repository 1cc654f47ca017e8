import { sql } from 'kysely';
import type { TenantTrx } from '#db/database.ts';
import { addToRunCounts } from '#db/run/run-counts.ts';
import { lockRunById } from '#db/run/runs.ts';
import type { RunItemRow, Warning } from '#db/tables.ts';
import { isTerminal } from '#domain/run/run.ts';
import {
  addToSet,
  type BackupPlan,
  type Candidate,
  isUnchanged,
  type PresentState,
  readCandidates,
  repeatSnapshots,
} from './backup-candidates.ts';
import { countOrdinals } from './backup-run-items.ts';

/** An item whose policy the listing contains whole. */
export interface AtHandItem {
  readonly itemId: string;
  readonly policyId: string;
  readonly graphId: string;
}

/**
 * Plans policies of the inventory as items of a backup run and of its set. Policies already in the set, and policies
 * unchanged since their last snapshot, are done at once; the others get an ordinal and wait for their capture. Policies
 * already planned in the run are skipped, so a listing may be retried; for an ended run the function is a no-op.
 * @param policyIds of this tenant, each once.
 * @param present by Graph id; a policy without an entry is captured.
 * @returns the pending items without an ordinal, since the listing contains their policies whole: the caller must
 * record them in this transaction.
 */
export async function planPolicies(
  trx: TenantTrx,
  plan: BackupPlan,
  policyIds: readonly string[],
  present: ReadonlyMap<string, PresentState>,
): Promise<AtHandItem[]> {
  if (policyIds.length === 0) return [];
  // The lock makes concurrent plans of this run wait: ordinals have no gaps and no duplicates.
  const run = await lockRunById(trx, plan.runId);
  // A listing may outlive its cancelled run for a moment. It must add no item then, because no activity would end it.
  if (run === undefined || isTerminal(run.status)) return [];
  const fresh = await unplanned(trx, plan, policyIds);
  if (fresh.length === 0) return [];
  await addToSet(trx, plan, fresh);
  const candidates = await readCandidates(trx, plan, fresh);
  const held = candidates.filter(({ heldSnapshotId }) => heldSnapshotId !== null);
  const open = candidates.filter(({ heldSnapshotId }) => heldSnapshotId === null);
  // A policy contained whole in the listing is taken from there even if unchanged: a capture would store another text,
  // and the set's contents would depend on the way of each snapshot.
  const atHand = open.filter(({ graphId }) => present.get(graphId)?.atHand);
  const others = open.filter((one) => !atHand.includes(one));
  const unchanged = plan.reuseUnchanged ? others.filter((one) => isUnchanged(one, present)) : [];
  const pending = others.filter((one) => !unchanged.includes(one));
  await repeatSnapshots(trx, plan, unchanged);
  const first = await countOrdinals(trx, plan.runId);
  await insertItems(trx, plan.runId, [
    ...held.map((one) => ({ ...itemOf(one), action: 'none' as const, ...done([]) })),
    ...unchanged.map((one) => ({
      ...itemOf(one),
      action: 'capture' as const,
      ...done(one.last?.warnings ?? []),
    })),
    ...atHand.map((one) => ({ ...itemOf(one), ...waiting, ordinal: null })),
    ...pending.map((one, index) => ({
      ...itemOf(one),
      ...waiting,
      ordinal: first + index,
    })),
  ]);
  return atHand.map(({ backupItemId: itemId, policyId, graphId }) => ({
    itemId,
    policyId,
    graphId,
  }));
}

const waiting = { action: 'capture', outcome: 'pending' } as const;

const itemOf = (one: Candidate) => ({
  item_id: one.backupItemId,
  backup_item_id: one.backupItemId,
  policy_id: one.policyId,
  policy_type: one.policyType,
  display_name: one.displayName,
  graph_id: one.graphId,
});

const done = (warnings: Warning[]) => ({
  outcome: 'succeeded' as const,
  warnings: JSON.stringify(warnings),
  started_at: sql<Date>`now()`,
  finished_at: sql<Date>`now()`,
});

async function unplanned(
  trx: TenantTrx,
  plan: BackupPlan,
  policyIds: readonly string[],
): Promise<string[]> {
  const known = await trx
    .selectFrom('run_items')
    .select('policy_id')
    .where('tenant_id', '=', trx.tenantId)
    .where('run_id', '=', plan.runId)
    .where('policy_id', 'in', [...policyIds])
    .execute();
  const planned = new Set(known.map((row) => row.policy_id));
  return policyIds.filter((id) => !planned.has(id));
}

type PlannedItem = Pick<
  RunItemRow,
  | 'item_id'
  | 'backup_item_id'
  | 'policy_id'
  | 'policy_type'
  | 'display_name'
  | 'graph_id'
  | 'action'
  | 'outcome'
> & {
  readonly ordinal?: number | null;
  readonly warnings?: string;
  readonly started_at?: ReturnType<typeof sql<Date>>;
  readonly finished_at?: ReturnType<typeof sql<Date>>;
};

async function insertItems(
  trx: TenantTrx,
  runId: string,
  items: readonly PlannedItem[],
): Promise<void> {
  const common = { tenant_id: trx.tenantId, run_id: runId };
  // Rows of one statement need the same columns; Postgres would store null, not the default, for missing ones.
  const finished = items.filter(({ outcome }) => outcome === 'succeeded');
  const pending = items.filter(({ outcome }) => outcome === 'pending');
  for (const group of [finished, pending]) {
    if (group.length === 0) continue;
    await trx
      .insertInto('run_items')
      .values(group.map((item) => ({ ...common, ...item })))
      .execute();
  }
  await addToRunCounts(trx, runId, { total: items.length, succeeded: finished.length });
}
