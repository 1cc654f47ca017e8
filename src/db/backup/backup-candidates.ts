import { sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import type { TenantTrx } from '#db/database.ts';
import type { Warning } from '#db/tables.ts';

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

/** A policy with its last snapshot and its item in the set. */
export interface Candidate {
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

export function isUnchanged(one: Candidate, present: ReadonlyMap<string, PresentState>): boolean {
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

export async function addToSet(
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

export async function readCandidates(
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
export async function repeatSnapshots(
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
