import { describe, expect, it } from '@jest/globals';
import { idempotencyKey } from '#domain/run/idempotency-key.ts';
import { operations, type OperationType, operationTypes } from '#domain/run/operation.ts';
import { type FailedItem, rerunOf, rerunOfFailed } from '#domain/run/rerun.ts';
import { type AskedParameters, parametersOf } from '#domain/run/run-parameters.ts';
import {
  captureSnapshot,
  checkDrift,
  importPolicies,
  inventorySync,
  runRequest,
  type RunRequest,
  undoRestore,
} from '#domain/run/run-requests.ts';

const t = 'tenant';
const backup = {
  ...{ name: 'N', policyIds: ['p-1', 'p-2'], types: ['scopeTag'], full: true },
  all: true,
  ...{ includeFoundations: true, includeAssignments: false },
} as const;
const restore = {
  ...{ backupSetId: 'set', sourceTenantId: 'other', itemIds: ['i-1', 'i-2'] },
  ...{ groupMapping: { 'g-1': 'g-2' }, allowBroadAssignments: true },
  conditionalAccessState: 'asBackedUp',
} as const;

/** A value for every parameter of every operation. */
const samples: {
  readonly [O in OperationType]: {
    readonly [K in keyof AskedParameters<O>]-?: AskedParameters<O>[K];
  };
} = {
  'inventory.sync': { types: ['remediation', 'scopeTag'] },
  'policy.capture_snapshot': { policyId: 'p' },
  'backup_set.create': backup,
  'backup_set.add_policies': { policyIds: ['p-1'], includeFoundations: true },
  'backup_schedule.run': { scheduleId: 'schedule', ...backup },
  'policies.export': { format: 'intunecd' },
  'policies.import': { sha256: 'aa' },
  'restore.preview': { ...restore, previewRunId: undefined },
  'restore.execute': { ...restore, previewRunId: 'preview' },
  'restore.undo': { runId: 'run', deleteCreated: true },
  'directory.sync': {},
  'drift.check': { backupSetId: 'set' },
};

const target = { type: 'any', id: 'target' };
const request = (operation: OperationType, parameters: object) =>
  runRequest(operation, t, target, parameters as AskedParameters<OperationType>);

/** A run as its row is read back. */
function past(work: RunRequest) {
  const parameters: unknown = JSON.parse(JSON.stringify(work.parameters));
  return { operationType: work.operationType, targetId: work.target?.id ?? null, parameters };
}

/** The request of the operation with the parameters of a rerun. */
function again(work: RunRequest): RunRequest | null {
  const rerun = rerunOf(past(work));
  return rerun.operation === null ? null : request(rerun.operation, rerun.parameters);
}

const repeatable = operationTypes.filter((operation) => operation !== 'policies.import');
const parametersOfAll = repeatable.flatMap((operation) =>
  Object.keys(operations[operation].parameters).map((name) => ({ operation, name })),
);

const item = (facts: Partial<FailedItem>): FailedItem => ({
  ...{ policyType: 'scopeTag', policyId: null, backupItemId: null },
  ...facts,
});

describe('rerun', () => {
  // Catches: a parameter lost on the way through the row.
  it.each(repeatable)('a rerun of %s has the parameters and the key of its run', (operation) => {
    const work = request(operation, samples[operation]);
    expect(again(work)).toEqual(work);
    expect(rerunOf(past(work))).toMatchObject({ operation, targetId: 'target' });
  });

  // Catches: a parameter kept only beside another one, and an absent one read as a value.
  it.each(parametersOfAll)(
    'a rerun of $operation without $name has none either',
    ({ operation, name }) => {
      const { [name]: _absent, ...others } = samples[operation] as Record<string, unknown>;
      const work = () => request(operation, others);
      const required =
        !operations[operation as 'restore.execute'].parameters[name as 'itemIds'].schema.safeParse(
          undefined,
        ).success;
      if (required) expect(work).toThrow(name);
      else expect(again(work())).toEqual(work());
    },
  );

  it('a rerun of an import is refused: its zip is deleted', () => {
    expect(again(importPolicies(t, 'set', 'aa'))).toBeNull();
  });
});

describe('idempotency key', () => {
  /** The parameters outside of the key by the contract, mostly because its target stands for them. */
  const outside: Partial<Record<OperationType, readonly string[]>> = {
    'policy.capture_snapshot': ['policyId'],
    'backup_schedule.run': Object.keys(samples['backup_schedule.run']),
    'restore.preview': ['backupSetId', 'previewRunId'],
    'restore.execute': ['backupSetId'],
    'restore.undo': ['runId', 'deleteCreated'],
    'drift.check': ['backupSetId'],
  };

  // Catches: an option missing from the key, so that a start would join a run without it.
  it.each([...parametersOfAll, { operation: 'policies.import', name: 'sha256' } as const])(
    'the key of $operation depends on $name exactly if the contract says so',
    ({ operation, name }) => {
      const sample: Readonly<Record<string, unknown>> = samples[operation];
      const others = [undefined, false, 'other', ['other'], 'tenantry', { other: 'other' }];
      const keys = [sample[name], ...others].flatMap((value) => {
        try {
          return idempotencyKey(request(operation, { ...sample, [name]: value }));
        } catch {
          return [];
        }
      });
      const depends = !(outside[operation] ?? []).includes(name);
      expect(keys.length).toBeGreaterThan(name === 'previewRunId' ? 0 : 1);
      expect(new Set(keys).size > 1).toBe(depends);
    },
  );
});

describe('parameters of a run', () => {
  // Catches: a start that drops an unknown option in silence.
  it.each(operationTypes)('refuse one that %s does not have', (operation) => {
    expect(() => request(operation, { ...samples[operation], unknown: true })).toThrow('unknown');
  });

  // Rows of earlier versions: absent parameters are null, later ones are missing.
  it.each([
    ['inventory.sync', { types: null }, { types: undefined }],
    [
      'backup_set.create',
      {
        ...{ name: 'N', policyIds: null, types: null, all: true },
        ...{ includeFoundations: null, includeAssignments: null },
      },
      { name: 'N', all: true },
    ],
    [
      'backup_set.add_policies',
      { policyIds: ['p'], includeFoundations: null },
      { policyIds: ['p'] },
    ],
    [
      'restore.execute',
      {
        ...{ backupSetId: 'set', sourceTenantId: null, itemIds: null, groupMapping: {} },
        previewRunId: null,
      },
      { backupSetId: 'set', groupMapping: {} },
    ],
    [
      'restore.undo',
      { runId: 'run', deleteCreated: false },
      { runId: 'run', deleteCreated: false },
    ],
    ['drift.check', { backupSetId: 'set' }, { backupSetId: 'set' }],
  ] as const)('of %s are read from rows of earlier versions', (operation, row, wanted) => {
    expect(parametersOf(operation, row)).toEqual(wanted);
    expect(request(operation, wanted).parameters).toEqual(row);
  });
});

describe('rerun of what has failed', () => {
  it('is refused if nothing has failed', () => {
    for (const operation of operationTypes) {
      const run = past(request(operation, samples[operation]));
      expect(rerunOfFailed(run, []).operation).toBeNull();
    }
  });

  it('a rerun of the failed part of a sync lists the failed types', () => {
    const failed = [item({ policyType: 'scopeTag' }), item({ policyType: 'remediation' })];
    const rerun = rerunOfFailed(past(inventorySync(t, undefined)), failed);
    expect(rerun).toMatchObject({
      operation: 'inventory.sync',
      parameters: { types: ['scopeTag', 'remediation'] },
    });
  });

  // Catches: a second set for the missing policies, and lists of types taken for policies.
  it.each(['backup_set.create', 'backup_set.add_policies', 'backup_schedule.run'] as const)(
    'a rerun of the failed part of %s adds the policies to the same set',
    (operation) => {
      const run = past(request(operation, samples[operation]));
      const failed = [item({ policyId: 'p-1' }), item({ policyType: 'remediation' })];
      expect(rerunOfFailed(run, failed)).toEqual({
        ...{ operation: 'backup_set.add_policies', targetId: 'target' },
        parameters: { policyIds: ['p-1'], includeFoundations: true },
      });
      expect(rerunOfFailed(run, [item({})])).toMatchObject({ operation: null });
    },
  );

  // Catches: failed items restored without an option of the restore, or by the outdated preview.
  it.each(['restore.preview', 'restore.execute'] as const)(
    'a rerun of the failed part of %s keeps every option and drops the preview',
    (operation) => {
      const run = past(request(operation, samples[operation]));
      const rerun = rerunOfFailed(run, [item({ backupItemId: 'i-2' })]);
      expect(rerun).toEqual({
        ...{ operation, targetId: 'target' },
        parameters: { ...restore, itemIds: ['i-2'], previewRunId: undefined },
      });
      expect(rerunOfFailed(run, [item({})])).toMatchObject({ operation: null });
    },
  );

  it('repeats the whole run if it has one target', () => {
    for (const work of [
      captureSnapshot(t, 'p'),
      checkDrift(t, 'set'),
      undoRestore(t, 'run', false),
    ]) {
      expect(rerunOfFailed(past(work), [item({})])).toEqual(rerunOf(past(work)));
    }
  });
});
