import type { ActivityDeps } from '#activities/runtime/deps.ts';
import { heartbeating } from '#activities/runtime/heartbeating.ts';
import { runOf } from '#activities/runtime/run-of.ts';
import { inTenant } from '#db/database.ts';
import {
  copyRestorePlan,
  countRestoreItems,
  insertRestoreItems,
  type NewRestoreItem,
} from '#db/restore/new-restore-items.ts';
import { listTakenOverItems } from '#db/restore/restore-items.ts';
import {
  insertRestoreReferences,
  type NewRestoreReference,
} from '#db/restore/restore-references.ts';
import { listWriteGroups, numberWrites } from '#db/restore/write-order.ts';
import { type ItemFailure, recordItemFailures } from '#db/run/run-items.ts';
import { lockRunById } from '#db/run/runs.ts';
import { policyKey } from '#domain/identity/graph-id.ts';
import { policyTypes } from '#domain/policy-types/catalogue.ts';
import { resolveReference } from '#domain/restore/mapping/resolve-references.ts';
import type { Target } from '#domain/restore/plan.ts';
import { orderItems } from '#domain/restore/plan/order-items.ts';
import type { PlanActivities } from '#domain/run/activity-types.ts';
import { failure } from '#domain/run/failure.ts';
import { isTerminal } from '#domain/run/run.ts';
import { serviceOfPath } from '#graph/budget/budget-service.ts';
import { assertEarlierSettled } from './earlier-settled.ts';
import { planUndo } from './plan-undo.ts';
import { type RestoreOfRun, restoreOfRun } from './restore-of-run.ts';
import { readPriorities } from './restore-priorities.ts';
import { readTargets, type RestoreTargets } from './restore-targets.ts';

/** See {@link PlanActivities.planRestore}. One transaction keeps the plan, so an attempt finds all of it or none. */
export function createPlanRestore(deps: ActivityDeps): PlanActivities['planRestore'] {
  return async ({ runId }) => {
    const restore = await restoreOfRun(deps.db, runId);
    const { tenantId, source } = restore;
    const countItems = () => inTenant(deps.db, tenantId, (trx) => countRestoreItems(trx, runId));
    const known = await countItems();
    if (known > 0) return { items: known };
    if (restore.writes) await assertEarlierSettled(deps, restore);
    await heartbeating(async () => {
      if (source.from === 'run') await planUndo(deps, restore, source);
      else if (source.previewRunId === null) await planFromSet(deps, restore, source);
      else await takeOver(deps, restore, { ...source, previewRunId: source.previewRunId });
    });
    return { items: await countItems() };
  };
}

/** Conditional access answers one request a second in total: these items wait more than they write. */
const slowTypes = policyTypes
  .filter(({ collection }) => serviceOfPath(collection) === 'conditionalAccess')
  .map(({ type }) => type);

/** See {@link PlanActivities.outlineWrites}. */
export function createOutlineWrites({
  db,
  settle: { itemTimeoutMs },
}: ActivityDeps): PlanActivities['outlineWrites'] {
  return async ({ runId }) => {
    const { tenant_id: tenantId } = await runOf(db, runId);
    const groups = await inTenant(db, tenantId, async (trx) => {
      await lockRunById(trx, runId);
      await numberWrites(trx, runId, slowTypes);
      return listWriteGroups(trx, runId);
    });
    return { items: groups.at(-1)?.to ?? 0, groups, itemTimeoutMs };
  };
}

type SetSource = Extract<RestoreOfRun['source'], { from: 'set' }>;

async function planFromSet(
  deps: ActivityDeps,
  restore: RestoreOfRun,
  source: SetSource,
): Promise<void> {
  const { tenantId, runId } = restore;
  const found = await readTargets(deps, restore, source);
  const priorities = await readPriorities(deps, source, found.items);
  const sha256Of = new Map(found.items.map((item) => [item.backupItemId, item]));
  const order = orderItems(
    found.items.map((item) => ({
      ...item,
      itemId: item.backupItemId,
      priority: priorities.get(item.backupItemId) ?? null,
    })),
    found.references.map((one) => ({ ...one, itemId: one.backupItemId })),
  );
  const items = order.flatMap(({ itemId, group }): NewRestoreItem[] => {
    const item = sha256Of.get(itemId);
    if (item === undefined) return [];
    const target = found.targets.get(itemId) ?? { kind: 'create' };
    return [
      {
        itemId,
        backupItemId: item.backupItemId,
        policyType: item.policyType,
        displayName: item.displayName,
        sourceTenantId: source.tenantId,
        sourceGraphId: item.graphId,
        sha256: item.sha256,
        group,
        ...targetColumns(target),
        planned: null,
      },
    ];
  });
  await inTenant(deps.db, tenantId, async (trx) => {
    const run = await lockRunById(trx, runId);
    // A late attempt must not plan twice, nor plan an ended run.
    if (run === undefined || isTerminal(run.status) || run.total > 0) return;
    await insertRestoreItems(trx, runId, items);
    await insertRestoreReferences(trx, runId, resolvedReferences(found));
    const refused = items.filter(({ policyType }) => found.refusedTypes.has(policyType));
    const failures = refused.map(({ itemId, policyType }) => {
      const error = failure('type_unavailable', { policyType });
      return { itemId, outcome: 'failed', error } as const;
    });
    await recordItemFailures(trx, runId, failures);
  });
}

function targetColumns(target: Target) {
  return {
    targetGraphId: target.kind === 'exists' ? target.graphId : null,
    targetFoundBy: target.kind === 'exists' ? target.foundBy : null,
    targetCandidates: target.kind === 'ambiguous' ? target.candidates : 0,
  };
}

function resolvedReferences(found: RestoreTargets): NewRestoreReference[] {
  const distinct = new Map(
    found.references.map((one) => [policyKey(one.policyType, one.graphId), one]),
  );
  return [...distinct.values()].flatMap(({ policyType, graphId }): NewRestoreReference[] => {
    const resolved = resolveReference(found, policyType, graphId);
    if (resolved.kind === 'missing') return [];
    const reference = { policyType, sourceGraphId: graphId };
    return resolved.kind === 'planned'
      ? [{ ...reference, graphId: null, foundBy: null, itemId: resolved.itemId }]
      : [{ ...reference, graphId: resolved.graphId, foundBy: resolved.foundBy, itemId: null }];
  });
}

/**
 * Copies the plan of a preview. An item to create whose object has appeared since is left alone; each write checks its
 * own object again.
 */
async function takeOver(
  deps: ActivityDeps,
  restore: RestoreOfRun,
  source: SetSource & { readonly previewRunId: string },
): Promise<void> {
  const { tenantId, runId } = restore;
  const { targets } = await readTargets(deps, restore, source);
  await inTenant(deps.db, tenantId, async (trx) => {
    const run = await lockRunById(trx, runId);
    if (run === undefined || isTerminal(run.status) || run.total > 0) return;
    const from = { previewRunId: source.previewRunId, backupItemIds: source.itemIds };
    await copyRestorePlan(trx, from, runId);
    const taken = await listTakenOverItems(trx, runId);
    const left = taken.flatMap((item): ItemFailure[] => {
      const target = targets.get(item.backup_item_id ?? '') ?? { kind: 'create' };
      if (item.action === 'create' && target.kind === 'create') return [];
      const code = item.blocked_code ?? 'drifted_since_preview';
      const error = failure(code, { policyType: item.policy_type });
      return [{ itemId: item.item_id, outcome: 'skipped', error }];
    });
    await recordItemFailures(trx, runId, left);
  });
}
