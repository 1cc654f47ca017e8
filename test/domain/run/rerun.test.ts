import { describe, expect, it } from '@jest/globals';
import { idempotencyKey } from '#domain/run/idempotency-key.ts';
import { operationTypes } from '#domain/run/operation.ts';
import { type FailedItem, rerunOf, rerunOfFailed } from '#domain/run/rerun.ts';
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
  type Work,
} from '#domain/run/work.ts';

const t = 'tenant';
const mapping = { 'g-1': 'g-2' };
const restore = {
  ...{ backupSetId: 'set', sourceTenantId: 'other', itemIds: ['i-1', 'i-2'] },
  ...{ groupMapping: mapping, allowBroadAssignments: true },
  conditionalAccessState: 'asBackedUp',
} as const;

/** A run of every operation, with every parameter that it may have. */
const works: readonly Work[] = [
  inventorySync(t, ['scopeTag', 'remediation']),
  captureSnapshot(t, 'p'),
  createBackupSet(t, 'set', {
    ...{ name: 'N', policyIds: ['p-1', 'p-2'], full: true },
    ...{ includeFoundations: true, includeAssignments: false },
  }),
  addPolicies(t, 'set', { policyIds: ['p-1'], includeFoundations: true }),
  runBackupSchedule(t, 'schedule', 'set', { name: 'N', types: ['scopeTag'] }),
  exportPolicies(t, 'set', 'intunecd'),
  importPolicies(t, 'set', 'aa'),
  previewRestore(t, restore),
  executeRestore(t, { ...restore, previewRunId: 'preview' }),
  undoRestore(t, 'run', true),
  syncDirectory(t),
  checkDrift(t, 'set'),
];

/** A run as its row is read back: what is undefined does not survive JSON. */
function past(work: Work) {
  const parameters: unknown = JSON.parse(JSON.stringify(work.parameters));
  return { operationType: work.operationType, targetId: work.target?.id ?? null, parameters };
}

/** The work that a rerun starts, by the same functions as the API. */
function workOf(work: Work): Work | null {
  const rerun = rerunOf(past(work));
  switch (rerun.operation) {
    case 'inventory.sync':
      return inventorySync(t, rerun.types);
    case 'directory.sync':
      return syncDirectory(t);
    case 'policy.capture_snapshot':
      return captureSnapshot(t, rerun.policyId);
    case 'backup_set.create':
      return createBackupSet(t, 'set', rerun.request);
    case 'backup_set.add_policies':
      return addPolicies(t, rerun.backupSetId, rerun);
    case 'backup_schedule.run':
      return runBackupSchedule(t, rerun.scheduleId, 'set', { name: 'N', ...rerun.selection });
    case 'policies.export':
      return exportPolicies(t, rerun.backupSetId, rerun.format);
    case 'restore.preview':
      return previewRestore(t, rerun.request);
    case 'restore.execute':
      return executeRestore(t, rerun.request);
    case 'restore.undo':
      return undoRestore(t, rerun.runId, rerun.deleteCreated);
    case 'drift.check':
      return checkDrift(t, rerun.backupSetId);
    case null:
      return null;
  }
}

const item = (facts: Partial<FailedItem>): FailedItem => ({
  ...{ policyType: 'scopeTag', policyId: null, backupItemId: null },
  ...facts,
});

describe('a run once more', () => {
  it('is tried here for every operation', () => {
    expect(works.map(({ operationType }) => operationType).sort()).toEqual(
      [...operationTypes].sort(),
    );
  });

  // Catches: a parameter that is lost on the way through the row, by which the new run would do something else.
  it.each(works.filter(({ operationType }) => operationType !== 'policies.import'))(
    'has the parameters and the key of $operationType',
    (work) => {
      const again = workOf(work);
      expect(again).toEqual(work);
      expect(again && idempotencyKey(again)).toBe(idempotencyKey(work));
    },
  );

  it('is not possible for an import, whose zip is gone', () => {
    expect(workOf(importPolicies(t, 'set', 'aa'))).toBeNull();
  });
});

describe('what of a run has failed', () => {
  it('is nothing where nothing has', () => {
    for (const work of works) {
      expect(rerunOfFailed(past(work), []).operation).toBeNull();
    }
  });

  it('is, of a sync, those types', () => {
    const failed = [item({ policyType: 'scopeTag' }), item({ policyType: 'remediation' })];
    const rerun = rerunOfFailed(past(inventorySync(t, undefined)), failed);
    expect(rerun).toEqual({ operation: 'inventory.sync', types: ['scopeTag', 'remediation'] });
  });

  // Catches: a second set for what was missing in the first, and lists of types that pass for policies.
  it.each([2, 3, 4])('is, of a backup, those policies, into the same set (%#)', (at) => {
    const backup = past(works[at] ?? syncDirectory(t));
    const failed = [item({ policyId: 'p-1' }), item({ policyType: 'remediation' })];
    expect(rerunOfFailed(backup, failed)).toMatchObject({
      ...{ operation: 'backup_set.add_policies', backupSetId: 'set', policyIds: ['p-1'] },
    });
    expect(rerunOfFailed(backup, [item({})])).toMatchObject({ operation: null });
  });

  // Catches: an option of the restore that the failed items are restored without, and a preview that no longer holds.
  it('is, of a restore, those items, with everything else as it was and without the preview', () => {
    const failed = [item({ backupItemId: 'i-2' })];
    const wanted = { ...restore, itemIds: ['i-2'] };
    const executed = past(executeRestore(t, { ...restore, previewRunId: 'preview' }));
    expect(rerunOfFailed(executed, failed)).toEqual({
      ...{ operation: 'restore.execute', request: wanted },
    });
    expect(rerunOfFailed(past(previewRestore(t, restore)), failed)).toEqual({
      ...{ operation: 'restore.preview', request: wanted },
    });
  });

  it('is, where there is one target, all of it', () => {
    for (const work of [
      captureSnapshot(t, 'p'),
      checkDrift(t, 'set'),
      undoRestore(t, 'run', false),
    ]) {
      expect(rerunOfFailed(past(work), [item({})])).toEqual(rerunOf(past(work)));
    }
  });
});
