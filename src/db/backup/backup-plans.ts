import { sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import type { TenantTrx } from '#db/database.ts';
import { addToRunCounts } from '#db/run/run-counts.ts';
import { lockRunById } from '#db/run/runs.ts';
import type { RunItemRow, Warning } from '#db/tables.ts';
import { activeRunStatuses, isTerminal } from '#domain/run/run.ts';

/** The run and the set of a plan, and the permission to reuse the last snapshots of unchanged policies. */
export interface BackupPlan {
  readonly runId: string;
  readonly backupSetId: string;
  readonly reuseUnchanged: boolean;
}

/** The present state of a policy according to a listing; see graph/capture/policy-index.ts. */
export interface PresentState {
  readonly revision: string | null;
  readonly assignmentsHash: string | null;
  /** True if the listing contains the whole policy, so no capture has to read it. */
  readonly atHand: boolean;
}

/** An item whose policy the listing contains whole. */
export interface AtHandItem {
  readonly itemId: string;
  readonly policyId: string;
  readonly graphId: string;
}

/** A policy with its last snapshot and its item in the set. */
interface Candidate {
  readonly policyId: string;
  readonly graphId: string;
  readonly policyType: string;
  readonly displayName: string;
  readonly backupItemId: string;
  readonly heldSnapshotId: string | null;
  readonly last: {
    readonly revision: string | null;
    readonly assignmentsHash: string | null;
    readonly complete: boolean;
    /** True if a verification found the content damaged. */
    readonly damaged: boolean;
    readonly warnings: Warning[];
  } | null;
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

function isUnchanged(one: Candidate, present: ReadonlyMap<string, PresentState>): boolean {
  const now = present.get(one.graphId);
  const { last } = one;
  if (now === undefined || last === null || !last.complete || last.damaged) return false;
  return (
    now.revision !== null &&
    now.revision === last.revision &&
    now.assignmentsHash !== null &&
    now.assignmentsHash === last.assignmentsHash
  );
}

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

async function addToSet(
  trx: TenantTrx,
  plan: BackupPlan,
  policyIds: readonly string[],
): Promise<void> {
  await trx
    .insertInto('backup_set_items')
    .values(
      policyIds.map((policyId) => ({
        tenant_id: trx.tenantId,
        backup_set_id: plan.backupSetId,
        backup_item_id: uuidv7(),
        policy_id: policyId,
      })),
    )
    .onConflict((conflict) =>
      conflict.columns(['tenant_id', 'backup_set_id', 'policy_id']).doNothing(),
    )
    .execute();
}

async function readCandidates(
  trx: TenantTrx,
  plan: BackupPlan,
  policyIds: readonly string[],
): Promise<Candidate[]> {
  const rows = await trx
    .selectFrom('backup_set_items as item')
    .innerJoin('policies', (join) =>
      join
        .onRef('policies.tenant_id', '=', 'item.tenant_id')
        .onRef('policies.id', '=', 'item.policy_id'),
    )
    .leftJoin('snapshots as last', (join) =>
      join
        .onRef('last.tenant_id', '=', 'policies.tenant_id')
        .onRef('last.id', '=', 'policies.last_snapshot_id'),
    )
    .leftJoin('snapshot_contents as content', (join) =>
      join
        .onRef('content.tenant_id', '=', 'last.tenant_id')
        .onRef('content.sha256', '=', 'last.sha256'),
    )
    .select([
      'item.backup_item_id',
      'item.snapshot_id',
      'policies.id',
      'policies.graph_id',
      'policies.policy_type',
      'policies.display_name',
      'last.sha256',
      'last.revision',
      'last.assignments_hash',
      'last.complete',
      'last.warnings',
      'content.damaged_at',
    ])
    .where('item.tenant_id', '=', trx.tenantId)
    .where('item.backup_set_id', '=', plan.backupSetId)
    .where('item.policy_id', 'in', [...policyIds])
    .orderBy('item.backup_item_id')
    .execute();
  return rows.map((row) => ({
    policyId: row.id,
    graphId: row.graph_id,
    policyType: row.policy_type,
    displayName: row.display_name,
    backupItemId: row.backup_item_id,
    heldSnapshotId: row.snapshot_id,
    last:
      row.sha256 === null
        ? null
        : {
            revision: row.revision,
            assignmentsHash: row.assignments_hash,
            complete: row.complete ?? false,
            damaged: row.damaged_at !== null,
            warnings: row.warnings ?? [],
          },
  }));
}

/** Adds a snapshot of this run for each unchanged policy, with the stored content, to the inventory and to the set. */
async function repeatSnapshots(
  trx: TenantTrx,
  plan: BackupPlan,
  unchanged: readonly Candidate[],
): Promise<void> {
  if (unchanged.length === 0) return;
  const pairs = JSON.stringify(
    unchanged.map(({ policyId, displayName }) => ({ id: uuidv7(), policyId, displayName })),
  );
  await sql`
    with wanted as (
      select * from jsonb_to_recordset(${pairs}::jsonb)
        as w(id uuid, "policyId" uuid, "displayName" text)
    ), repeated as (
      insert into snapshots (tenant_id, id, policy_id, run_id, policy_type, display_name, graph_id, sha256,
        complete, warnings, revision, assignments_hash)
      select s.tenant_id, w.id, s.policy_id, ${plan.runId}, s.policy_type, w."displayName", s.graph_id, s.sha256,
        s.complete, s.warnings, s.revision, s.assignments_hash
      from wanted w
      join policies p on p.tenant_id = ${trx.tenantId} and p.id = w."policyId"
      join snapshots s on s.tenant_id = p.tenant_id and s.id = p.last_snapshot_id
      returning id, policy_id, captured_at
    ), inventory as (
      update policies p set last_snapshot_id = r.id, last_captured_at = r.captured_at
      from repeated r where p.tenant_id = ${trx.tenantId} and p.id = r.policy_id
    )
    update backup_set_items i set snapshot_id = r.id from repeated r
    where i.tenant_id = ${trx.tenantId} and i.backup_set_id = ${plan.backupSetId} and i.policy_id = r.policy_id`.execute(
    trx,
  );
}

/** Returns the first free ordinal, equal to the number of ordinals used. */
export async function countOrdinals(trx: TenantTrx, runId: string): Promise<number> {
  const { next } = await trx
    .selectFrom('run_items')
    .select(sql<number>`coalesce(max(ordinal) + 1, 0)`.as('next'))
    .where('tenant_id', '=', trx.tenantId)
    .where('run_id', '=', runId)
    .executeTakeFirstOrThrow();
  return next;
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

/** Lists the pending items of a run with ordinals in the range; `to` is exclusive. */
export function listPendingItems(
  trx: TenantTrx,
  runId: string,
  range: { readonly from: number; readonly to: number },
): Promise<RunItemRow[]> {
  return trx
    .selectFrom('run_items')
    .selectAll()
    .where('tenant_id', '=', trx.tenantId)
    .where('run_id', '=', runId)
    .where('ordinal', '>=', range.from)
    .where('ordinal', '<', range.to)
    .where('outcome', '=', 'pending')
    .orderBy('ordinal')
    .execute();
}

/**
 * Adds a failed item to a run for a type without a listing. A retry is a no-op, and so is a call after the end of the
 * run.
 */
export async function insertFailedListing(
  trx: TenantTrx,
  item: {
    readonly runId: string;
    readonly policyType: string;
    readonly displayName: string;
    readonly error: { readonly code: string; readonly message: string; readonly context: object };
  },
): Promise<void> {
  const { numAffectedRows } = await sql`
    insert into run_items (tenant_id, run_id, item_id, policy_type, display_name, action, outcome,
      error_code, error_message, error_context, started_at, finished_at)
    select ${trx.tenantId}, ${item.runId}, ${uuidv7()}::uuid, ${item.policyType}, ${item.displayName}, 'capture', 'failed',
      ${item.error.code}, ${item.error.message}, ${JSON.stringify(item.error.context)}::jsonb, now(), now()
    where not exists (select from run_items where tenant_id = ${trx.tenantId} and run_id = ${item.runId}
      and policy_type = ${item.policyType} and policy_id is null)
    and exists (select from runs where tenant_id = ${trx.tenantId} and id = ${item.runId}
      and status in (${sql.join(activeRunStatuses)}) for update)`.execute(trx);
  if (numAffectedRows === 1n) await addToRunCounts(trx, item.runId, { total: 1, failed: 1 });
}
