import { cancellationSignal } from '@temporalio/activity';
import { NoResultError } from 'kysely';
import { permanentFailure } from '#activities/runtime/activity-failure.ts';
import { attemptItems } from '#activities/runtime/attempt-items.ts';
import type { ActivityDeps } from '#activities/runtime/deps.ts';
import { heartbeating } from '#activities/runtime/heartbeating.ts';
import { inTenant } from '#db/database.ts';
import { findGroups } from '#db/directory/directory-groups.ts';
import { recordItemPlan } from '#db/restore/item-plans.ts';
import { listItemsToPlan, type RestoreItem } from '#db/restore/restore-items.ts';
import { listRestoreReferences, type NewRestoreReference } from '#db/restore/restore-references.ts';
import { type KnownOutcome, recordItemOutcome } from '#db/run/run-items.ts';
import { SnapshotIntegrityError } from '#db/snapshot/snapshot-cipher.ts';
import { readSnapshotContent } from '#db/snapshot/snapshots.ts';
import { policyKey } from '#domain/identity/graph-id.ts';
import { parseDocument } from '#domain/json/policy-document.ts';
import type { PolicyType } from '#domain/policy-types/policy-type.ts';
import { comparableHash } from '#domain/restore/comparable-hash.ts';
import type { ItemPlan, ResolvedReference, Target } from '#domain/restore/plan.ts';
import { planItem } from '#domain/restore/plan/plan-item.ts';
import type { PlanActivities } from '#domain/run/activity-types.ts';
import { failure } from '#domain/run/failure.ts';
import { capturePolicy } from '#graph/capture/capture-policy.ts';
import { GraphError } from '#graph/port/graph-error.ts';
import type { GraphReader } from '#graph/port/graph-reader.ts';
import { planningReader, type RestoreOfRun, restoreOfRun } from './restore-of-run.ts';

/** The context of planning a range. */
interface Planning {
  readonly restore: RestoreOfRun;
  readonly references: ReadonlyMap<string, NewRestoreReference>;
}

/** See {@link PlanActivities.planItems}. A retry takes up the items that have no plan and no outcome yet. */
export function createPlanItems(deps: ActivityDeps): PlanActivities['planItems'] {
  return async ({ runId, from, to }) => {
    const restore = await restoreOfRun(deps.db, runId);
    const references = await inTenant(deps.db, restore.tenantId, (trx) =>
      listRestoreReferences(trx, runId),
    );
    const planning: Planning = {
      restore,
      references: new Map(
        references.map((one) => [policyKey(one.policyType, one.sourceGraphId), one]),
      ),
    };
    await heartbeating(() =>
      attemptItems(deps.db, restore, {
        list: (trx) => listItemsToPlan(trx, runId, { from, to }),
        attempt: async (item, type) => {
          if (item.action !== 'none') return keepPlan(deps, planning, item, type);
          const outcome = await confirmUnchanged(deps, restore, item, type);
          await inTenant(deps.db, restore.tenantId, (trx) =>
            recordItemOutcome(trx, runId, item.item_id, outcome),
          );
        },
      }),
    );
  };
}

/** Plans an item and keeps the plan, with an outcome if nothing is left to write. */
async function keepPlan(
  deps: ActivityDeps,
  planning: Planning,
  item: RestoreItem,
  type: PolicyType,
): Promise<void> {
  const { tenantId, runId, writes } = planning.restore;
  const plan = await makePlan(deps, planning, item, type);
  const kept = isCarriedOut(plan, planning.restore) ? plan : { ...plan, desired: '' };
  const outcome = outcomeOf(plan, item, writes);
  await inTenant(deps.db, tenantId, async (trx) => {
    const ref = { runId, itemId: item.item_id };
    if (!(await recordItemPlan(trx, deps.cipher, ref, kept))) return;
    if (outcome !== undefined) await recordItemOutcome(trx, runId, item.item_id, outcome);
  });
}

/** Confirms an item without changes in the preview: the live object must be the same as then. */
async function confirmUnchanged(
  deps: ActivityDeps,
  restore: RestoreOfRun,
  item: RestoreItem,
  type: PolicyType,
): Promise<KnownOutcome> {
  const live = await readLive(planningReader(deps, restore), item, type);
  const now = live === null ? null : comparableHash(parseDocument(live), type);
  if (now === item.live_hash && item.assignments_blocked) {
    const context = { graphId: item.target_graph_id };
    return { outcome: 'failed', error: failure('assignments_blocked', context) };
  }
  if (now === item.live_hash) return { outcome: 'succeeded' };
  return { outcome: 'skipped', error: failure('drifted_since_preview') };
}

/**
 * Only plans with a write keep the desired document: a nightly comparison would fill the database with copies of the
 * backup.
 */
function isCarriedOut({ action }: ItemPlan, { operationType }: RestoreOfRun): boolean {
  return operationType !== 'drift.check' && (action === 'create' || action === 'update');
}

/** Returns the outcome of an item that needs no write; undefined for an item to write. */
function outcomeOf(
  { action, assignmentsBlocked, blockedBy }: ItemPlan,
  { target_graph_id: graphId }: RestoreItem,
  writes: boolean,
): KnownOutcome | undefined {
  if (!writes) return { outcome: 'succeeded' };
  if (action === 'none' && assignmentsBlocked) {
    return { outcome: 'failed', error: failure('assignments_blocked', { graphId }) };
  }
  if (action === 'none') return { outcome: 'succeeded' };
  if (action !== 'blocked') return undefined;
  return { outcome: 'skipped', error: failure(blockedBy?.code ?? 'not_restorable') };
}

async function makePlan(
  deps: ActivityDeps,
  { restore, references }: Planning,
  item: RestoreItem,
  type: PolicyType,
): Promise<ItemPlan> {
  const { tenantId, source, options } = restore;
  const sourceText = await readSource(deps, item);
  const live = await readLive(planningReader(deps, restore), item, type);
  const groups = await groupsNamed(deps, restore, [sourceText, live ?? '']);
  const isUndo = source.from === 'run';
  const resolve = (policyType: string, sourceGraphId: string): ResolvedReference => {
    // An undo restores ids of this same tenant.
    if (isUndo) return { kind: 'exists', graphId: sourceGraphId, foundBy: 'id' };
    const known = references.get(policyKey(policyType, sourceGraphId));
    if (known === undefined) return { kind: 'missing' };
    if (known.itemId !== null) return { kind: 'planned', itemId: known.itemId };
    return {
      kind: 'exists',
      graphId: known.graphId ?? sourceGraphId,
      foundBy: known.foundBy ?? 'id',
    };
  };
  return planItem({
    policyType: type,
    source: parseDocument(sourceText),
    live: live === null ? null : parseDocument(live),
    target: targetOf(item, live),
    sameTenant: item.source_tenant_id === tenantId,
    isUndo,
    resolve,
    ...groups,
    options,
  });
}

function targetOf(item: RestoreItem, live: string | null): Target {
  if (item.target_candidates > 0) return { kind: 'ambiguous', candidates: item.target_candidates };
  // The listing may show an object that is gone by now.
  if (item.target_graph_id === null || live === null) return { kind: 'create' };
  return {
    kind: 'exists',
    graphId: item.target_graph_id,
    foundBy: item.target_found_by ?? 'id',
  };
}

/** Reads the content to restore. @throws ApplicationFailure if it is gone or damaged. */
async function readSource({ db, cipher }: ActivityDeps, item: RestoreItem): Promise<string> {
  const { source_sha256: sha256, source_tenant_id: sourceTenantId } = item;
  if (sha256 === null) throw permanentFailure('internal_error', { itemId: item.item_id });
  try {
    return await inTenant(db, sourceTenantId, (trx) => readSnapshotContent(trx, cipher, sha256));
  } catch (error) {
    if (error instanceof NoResultError) {
      throw permanentFailure('snapshot_gone', { itemId: item.item_id });
    }
    if (error instanceof SnapshotIntegrityError) {
      throw permanentFailure('snapshot_corrupt', { itemId: item.item_id });
    }
    throw error;
  }
}

/** Reads the live target of an item; null if there is none. */
async function readLive(
  reader: GraphReader,
  item: RestoreItem,
  type: PolicyType,
): Promise<string | null> {
  if (item.target_graph_id === null) return null;
  try {
    const captured = await capturePolicy(reader, type, item.target_graph_id, {
      signal: cancellationSignal(),
    });
    return captured.document;
  } catch (error) {
    if (error instanceof GraphError && error.kind === 'not_found') return null;
    throw error;
  }
}

const guidPattern = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;

/** Maps the groups in these documents, by the directory cache alone. */
async function groupsNamed(
  { db }: ActivityDeps,
  { tenantId, source }: RestoreOfRun,
  documents: readonly string[],
) {
  const mapping = source.from === 'set' ? source.groupMapping : new Map<string, string>();
  const sameTenant = source.from === 'run' || source.tenantId === tenantId;
  const named = documents.flatMap((text) => text.match(guidPattern) ?? []);
  const ids = [...new Set([...named.map((id) => id.toLowerCase()), ...mapping.values()])];
  const known = await inTenant(db, tenantId, (trx) => findGroups(trx, ids));
  return {
    groupOf: (sourceGroupId: string): string | null => {
      const mapped = mapping.get(sourceGroupId.toLowerCase());
      if (mapped !== undefined) return mapped;
      if (!sameTenant) return null;
      // An unknown group may be newer than the cache; a group marked absent is gone.
      return known.get(sourceGroupId.toLowerCase())?.present === false ? null : sourceGroupId;
    },
    groupNameOf: (groupId: string) => known.get(groupId.toLowerCase())?.displayName ?? null,
  };
}
