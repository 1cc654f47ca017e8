import { activityInfo } from '@temporalio/activity';
import { v7 as uuidv7 } from 'uuid';
import { backupOf, partsOf } from '#activities/backup/backup-of-run.ts';
import { permanentFailure } from '#activities/runtime/activity-failure.ts';
import type { ActivityDeps } from '#activities/runtime/deps.ts';
import { runOf } from '#activities/runtime/run-of.ts';
import { listHeldTypes } from '#db/backup/backup-set-contents.ts';
import { inTenant, type TenantTrx } from '#db/database.ts';
import { findPolicyById } from '#db/inventory/policies.ts';
import { insertRunItems, listAllRunItems, type NewRunItem } from '#db/run/run-items.ts';
import { lockRunById, setWorkflowRunId, transitionRun } from '#db/run/runs.ts';
import type { RunRow } from '#db/tables.ts';
import { findPolicyType, policyTypes } from '#domain/policy-types/catalogue.ts';
import type { BegunRun, RunStateActivities } from '#domain/run/activity-types.ts';
import type { OperationType } from '#domain/run/operation.ts';
import { parametersOf } from '#domain/run/run-parameters.ts';
import { isTerminal } from '#domain/run/run.ts';
import { endRun } from './end-run.ts';

/** The first activity of every run: see {@link RunStateActivities.beginRun}. */
export function createBeginRun({ db }: ActivityDeps): RunStateActivities['beginRun'] {
  return async ({ runId, tenantId }) => {
    const known = await runOf(db, runId);
    if (known.tenant_id !== tenantId) throw permanentFailure('tenant_mismatch', { runId });
    const execution = activityInfo().workflowExecution;
    if (execution?.workflowId !== known.idempotency_key) {
      throw permanentFailure('workflow_mismatch', { runId });
    }
    return inTenant(db, known.tenant_id, async (trx) => {
      const row = await lockRunById(trx, runId);
      if (row === undefined || isTerminal(row.status)) return null;
      await setWorkflowRunId(trx, runId, execution.runId);
      if (row.status === 'queued' && !(await enterRunning(trx, row))) return null;
      return describeRun(trx, row);
    });
  };
}

/** Moves a queued run to running, or cancels it if a cancel request came first. Returns whether it is running. */
async function enterRunning(trx: TenantTrx, row: RunRow): Promise<boolean> {
  if (row.cancel_requested_at !== null) {
    await endRun(trx, row.id, { kind: 'canceled' });
    return false;
  }
  await transitionRun(trx, row.id, 'running');
  const plan = plans[row.operation_type];
  if (plan !== undefined) await insertRunItems(trx, row.id, await plan(trx, row));
  return true;
}

async function describeRun(trx: TenantTrx, row: RunRow): Promise<BegunRun> {
  // Other operations plan while they run, and their items are too many for a history.
  const planned = plans[row.operation_type] !== undefined;
  const items = planned ? await listAllRunItems(trx, row.id) : [];
  const backup = backupOf(row);
  return {
    ...(backup === undefined ? {} : { parts: partsOf(backup) }),
    operationType: row.operation_type,
    initiatorId: row.initiator_id,
    cancelRequested: row.cancel_requested_at !== null,
    items: items
      .filter((item) => item.outcome === 'pending')
      .map((item) => ({ itemId: item.item_id, policyType: item.policy_type })),
  };
}

type Plan = (trx: TenantTrx, row: RunRow) => Promise<NewRunItem[]>;

/** An item for all policies of a type. */
function itemOfType(policyType: string, displayName: string): NewRunItem {
  const none = { policyId: null, graphId: null, action: 'none' } as const;
  return { itemId: uuidv7(), policyType, displayName, ...none };
}

/** The items of the operations that know them at the start; the others plan while they run. */
const plans: Partial<Record<OperationType, Plan>> = {
  'directory.sync': async () => [itemOfType('group', 'Groups')],
  'policies.export': async (trx, row) => {
    const types = await listHeldTypes(trx, row.target_id ?? '');
    return types.map((type) => itemOfType(type, findPolicyType(type)?.displayName ?? type));
  },
  'inventory.sync': async (_trx, row) => {
    const { types: chosen } = parametersOf('inventory.sync', row.parameters);
    const types = chosen?.flatMap((type) => findPolicyType(type) ?? []) ?? policyTypes;
    return types.map((type) => itemOfType(type.type, type.displayName));
  },
  'policy.capture_snapshot': async (trx, row) => {
    const policy = await findPolicyById(trx, row.target_id ?? '');
    if (policy === undefined) throw permanentFailure('policy_gone', { runId: row.id });
    return [
      {
        itemId: uuidv7(),
        policyId: policy.id,
        policyType: policy.policy_type,
        displayName: policy.display_name,
        graphId: policy.graph_id,
        action: 'capture',
      },
    ];
  },
};
