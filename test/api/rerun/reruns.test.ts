import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { inTenant } from '#db/database.ts';
import { insertRunItems, type NewRunItem, recordItemOutcome } from '#db/run/run-items.ts';
import { insertRun, transitionRun } from '#db/run/runs.ts';
import { failure } from '#domain/run/failure.ts';
import { idempotencyKey } from '#domain/run/idempotency-key.ts';
import {
  addPolicies,
  captureSnapshot,
  checkDrift,
  createBackupSet,
  executeRestore,
  exportPolicies,
  importPolicies,
  inventorySync,
  previewRestore,
  runBackupSchedule,
  syncDirectory,
  undoRestore,
  type RunRequest,
} from '#domain/run/run-requests.ts';
import { type ApiUnderTest, startApi } from '#test/api/support/api-under-test.ts';
import { addPlannedRun, finishBackupSet, nothingToDo } from '#test/api/support/planned-runs.ts';
import {
  addRoleHolders,
  buildTenant,
  mintPersonas,
  type Persona,
  principalOf,
  tenantA,
  tenantB,
  type TenantWorld,
} from '#test/api/support/world.ts';

let api: ApiUnderTest;
let tokens: Record<Persona, string>;
let a: TenantWorld;
let backupItemId: string;

beforeAll(async () => {
  api = await startApi();
  a = await buildTenant(api, tenantA);
  await buildTenant(api, tenantB);
  await addRoleHolders(api, tenantA);
  tokens = await mintPersonas(api);
  backupItemId = await finishBackupSet(api, a);
});
afterAll(() => api.stop());

const item: Omit<NewRunItem, 'itemId'> = {
  ...{ policyId: null, policyType: 'scopeTag', displayName: 'X', graphId: null, action: 'none' },
};

/** Adds a finished run with an item of each outcome. Returns its id. */
function addEndedRun(
  work: RunRequest,
  of: { failed?: Partial<NewRunItem>; succeeded?: Partial<NewRunItem> },
): Promise<string> {
  const { tenantId } = work;
  const runId = uuidv7();
  return inTenant(api.database.app.db, tenantId, async (trx) => {
    const initiator = { id: principalOf('owner'), displayName: 'The Owner' };
    await insertRun(trx, {
      ...{ ...work, id: runId, idempotencyKey: idempotencyKey(work), initiator },
    });
    await transitionRun(trx, runId, 'running');
    for (const outcome of ['failed', 'succeeded'] as const) {
      if (of[outcome] === undefined) continue;
      const itemId = uuidv7();
      await insertRunItems(trx, runId, [{ ...item, itemId, ...of[outcome] }]);
      const error = failure('graph_unavailable');
      const known = outcome === 'failed' ? { outcome, error } : { outcome };
      await recordItemOutcome(trx, runId, itemId, known);
    }
    await transitionRun(trx, runId, 'partial');
    return runId;
  });
}

interface Started {
  readonly run: {
    readonly id: string;
    readonly operationType: string;
    readonly target: { id: string } | null;
    readonly parameters: Record<string, unknown>;
    readonly idempotencyKey: string;
  };
}

async function rerun(runId: string, body: object = {}, token = tokens.manager) {
  const path = `/api/v1/tenants/${tenantA}/runs/${runId}/reruns`;
  const { status, json } = await api.request(path, { method: 'POST', token, body });
  return { status, json, run: (json as Partial<Started>).run };
}

/** Ends the runs of a test, so that the starts of the next test join none. */
async function endRuns(): Promise<void> {
  await api.database.owner.db
    .updateTable('runs')
    .set({ status: 'canceled', finished_at: new Date() })
    .where('tenant_id', '=', tenantA)
    .where('status', '=', 'queued')
    .execute();
}

/** A run of each operation about an object of the tenant. */
const repeatable: Readonly<Record<string, () => RunRequest>> = {
  'directory.sync': () => syncDirectory(tenantA),
  'policy.capture_snapshot': () => captureSnapshot(tenantA, a.policyId),
  'backup_set.add_policies': () =>
    addPolicies(tenantA, a.backupSetId, { policyIds: [a.policyId], includeFoundations: true }),
  'policies.export': () => exportPolicies(tenantA, a.backupSetId, 'intunecd'),
  'restore.preview': () =>
    previewRestore(tenantA, { backupSetId: a.backupSetId, itemIds: [backupItemId] }),
  'restore.execute': () => executeRestore(tenantA, { backupSetId: a.backupSetId }),
  'drift.check': () => checkDrift(tenantA, a.backupSetId),
};

describe('a run', () => {
  // Catches: an operation without a rerun, or one that skips a part of its start.
  it.each(Object.keys(repeatable))('rerun of %s goes through its own start', async (name) => {
    const work = repeatable[name]?.() ?? syncDirectory(tenantA);
    // A run with the same key may be active.
    await endRuns();
    const { status, run } = await rerun(await addEndedRun(work, { succeeded: {} }));
    expect([status, run]).toMatchObject([
      202,
      {
        ...{ operationType: name, parameters: work.parameters },
        idempotencyKey: idempotencyKey(work),
      },
    ]);
    if (name === 'policies.export') {
      const path = `/api/v1/tenants/${tenantA}/exports/${run?.id}`;
      expect((await api.request(path, { token: tokens.operator })).status).toBe(409);
    }
  });

  it('rerun of a scheduled backup has the selection of the earlier run', async () => {
    await endRuns();
    const then = { name: 'Then', types: ['scopeTag'] };
    const work = runBackupSchedule(tenantA, a.scheduleId, a.backupSetId, then);
    const { status, run } = await rerun(await addEndedRun(work, { succeeded: {} }));
    expect([status, run?.operationType]).toEqual([202, 'backup_schedule.run']);
    expect(run?.parameters).toMatchObject({ scheduleId: a.scheduleId, types: ['scopeTag'] });
    expect(run?.target?.id).not.toBe(a.backupSetId);
  });

  it('rerun of an undo undoes the same restore', async () => {
    await endRuns();
    const restore = executeRestore(tenantA, { backupSetId: a.backupSetId });
    const undo = undoRestore(tenantA, await addEndedRun(restore, { succeeded: {} }), true);
    const { status, run } = await rerun(await addEndedRun(undo, { failed: {} }), {
      only: 'failed',
    });
    expect([status, run?.parameters]).toEqual([202, undo.parameters]);
  });

  // Catches: a rerun with the key of the old run and other parameters, or the other way round.
  it('rerun of a sync has the parameters and the key of its run', async () => {
    const work = inventorySync(tenantA, ['scopeTag', 'remediation']);
    const runId = await addEndedRun(work, { failed: {} });
    const { status, run } = await rerun(runId);
    expect(status).toBe(202);
    expect(run).toMatchObject({
      ...{ operationType: 'inventory.sync', parameters: work.parameters },
      idempotencyKey: idempotencyKey(work),
    });
    expect(run?.id).not.toBe(runId);
    expect((await rerun(runId)).json).toMatchObject({ reused: true, run: { id: run?.id } });
    await endRuns();
  });

  it('rerun of a backup creates another set', async () => {
    const work = createBackupSet(tenantA, a.backupSetId, { name: 'Again', all: true });
    const { run } = await rerun(await addEndedRun(work, {}));
    expect(run?.parameters).toEqual(work.parameters);
    expect(run?.target?.id).not.toBe(a.backupSetId);
    const sets = await api.request(`/api/v1/tenants/${tenantA}/backup-sets/${run?.target?.id}`, {
      token: tokens.reader,
    });
    expect(sets.json).toMatchObject({ name: 'Again' });
    await endRuns();
  });

  it('rerun is refused for an active run, for an import and if nothing has failed', async () => {
    const { run } = await rerun(await addEndedRun(syncDirectory(tenantA), {}));
    expect(await rerun(run?.id ?? '')).toMatchObject({ status: 409, json: { code: 'conflict' } });
    const sent = await addEndedRun(importPolicies(tenantA, uuidv7(), 'ab'), { failed: {} });
    expect(await rerun(sent)).toMatchObject({ status: 409, json: { code: 'conflict' } });
    const fine = await addEndedRun(inventorySync(tenantA, ['scopeTag']), { succeeded: {} });
    expect(await rerun(fine, { only: 'failed' })).toMatchObject({ status: 409 });
    expect((await rerun(fine, { only: 'skipped' })).status).toBe(400);
  });

  // Catches: a start that trusts the parameters of the row and leaves their checks to the workflow.
  it('rerun goes through the checks of the first start', async () => {
    const gone = randomUUID();
    const exported = await addEndedRun(exportPolicies(tenantA, gone, 'tenantry'), { failed: {} });
    expect(await rerun(exported)).toMatchObject({ status: 404 });
    const captured = await addEndedRun(captureSnapshot(tenantA, gone), { failed: {} });
    expect(await rerun(captured)).toMatchObject({ status: 404 });
    const chosen = createBackupSet(tenantA, gone, { name: 'X', policyIds: [gone] });
    expect(await rerun(await addEndedRun(chosen, {}))).toMatchObject({
      ...{ status: 400, json: { errors: [{ path: 'policyIds.0' }] } },
    });
    const restored = executeRestore(tenantA, { backupSetId: gone });
    expect(await rerun(await addEndedRun(restored, { failed: {} }))).toMatchObject({
      ...{ status: 400, json: { errors: [{ path: 'backupSetId' }] } },
    });
    // The caller has no role in the source, or no longer.
    const foreign = executeRestore(tenantA, {
      ...{ backupSetId: a.backupSetId, sourceTenantId: tenantB },
    });
    expect(await rerun(await addEndedRun(foreign, { failed: {} }))).toMatchObject({ status: 403 });
  });
});

describe('a rerun of the failed part', () => {
  it('rerun of the failed part of a sync lists the failed types', async () => {
    const runId = await addEndedRun(inventorySync(tenantA, undefined), {
      ...{ failed: { policyType: 'remediation' }, succeeded: { policyType: 'scopeTag' } },
    });
    const { run } = await rerun(runId, { only: 'failed' });
    expect(run?.parameters).toEqual({ types: ['remediation'] });
    await endRuns();
  });

  it('rerun of the failed part of a backup captures into the same set', async () => {
    const work = createBackupSet(tenantA, a.backupSetId, { name: 'All', all: true });
    const runId = await addEndedRun(work, { failed: { policyId: a.policyId } });
    const { status, run } = await rerun(runId, { only: 'failed' });
    expect([status, run]).toMatchObject([
      202,
      { operationType: 'backup_set.add_policies', target: { id: a.backupSetId } },
    ]);
    expect(run?.parameters['policyIds']).toEqual([a.policyId]);
    await endRuns();
  });

  // Catches: failed items restored without the mapping or the safety options of the restore.
  it('rerun of the failed part of a restore names the items and drops the preview', async () => {
    const request = { backupSetId: a.backupSetId, allowBroadAssignments: true };
    const work = executeRestore(tenantA, { ...request, previewRunId: randomUUID() });
    const runId = await addPlannedRun(api, work, [{ backupItemId, plan: nothingToDo }]);
    await api.database.owner.db
      .updateTable('run_items')
      .set({ outcome: 'failed' })
      .where('run_id', '=', runId)
      .execute();
    const { status, run } = await rerun(runId, { only: 'failed' });
    expect([status, run?.operationType]).toEqual([202, 'restore.execute']);
    expect(run?.parameters).toEqual({
      ...executeRestore(tenantA, request).parameters,
      itemIds: [backupItemId],
    });
    await endRuns();
  });
});
