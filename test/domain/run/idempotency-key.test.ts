import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalIds, idempotencyKey, type RunIdentity } from '#domain/run/idempotency-key.ts';
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
} from '#domain/run/run-requests.ts';

// Keys by another program: idempotency-key-vectors.py, with rfc8785 0.1.4 on Python 3.11.
const vectors = JSON.parse(
  readFileSync(new URL('./idempotency-key-vectors.json', import.meta.url), 'utf8'),
) as { name: string; work: RunIdentity; key: string }[];

const tenantId = '6f1c2a52-0b77-4b0e-9a43-5d1f3a7c0a02';

function keyOfVector(name: string): string | undefined {
  return vectors.find((vector) => vector.name === name)?.key;
}

/** The same object with its members written in another order. */
function reversed(object: object): object {
  return Object.fromEntries(Object.entries(object).toReversed());
}

describe('the idempotency key', () => {
  // Catches: keys sorted by code point, other formats of numbers and escapes, an untrimmed operation.
  it.each(vectors)('key of $name equals the key of another program', ({ work, key }) => {
    expect(idempotencyKey(work)).toBe(key);
  });

  // Catches: JSON.stringify instead of the canonical form.
  it('key does not depend on the order of members', () => {
    const values = fc.jsonValue({ maxDepth: 2, noUnicodeString: false });
    fc.assert(
      fc.property(fc.dictionary(fc.string(), values), (context) => {
        const work = { tenantId, operationType: 'x', targetId: null, context } as RunIdentity;
        const other = reversed({ ...work, context: reversed(context) }) as RunIdentity;
        expect(idempotencyKey(other)).toBe(idempotencyKey(work));
      }),
    );
  });

  // Catches: a part of the identity missing from the hash.
  it('key depends on every part of the identity', () => {
    const work: RunIdentity = { tenantId, operationType: 'a', targetId: 'b', context: { c: 'd' } };
    const others: RunIdentity[] = [
      { ...work, tenantId: 'other' },
      { ...work, operationType: 'A' },
      { ...work, targetId: null },
      { ...work, targetId: 'B' },
      { ...work, context: {} },
      { ...work, context: { c: null } },
    ];
    const keys = [work, ...others].map(idempotencyKey);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('key refuses text without UTF-8', () => {
    const context = { name: 'half an emoji \ud83d' };
    expect(() => idempotencyKey({ tenantId, operationType: 'x', targetId: null, context })).toThrow(
      TypeError,
    );
  });
});

describe('run request', () => {
  // Catches: a context with names other than the contract's, or `undefined` instead of null.
  it('requests of sync and capture have the keys of the contract', () => {
    const policyId = '0199a3c0-5b1e-7d2a-8f00-000000000001';
    expect(idempotencyKey(inventorySync(tenantId, undefined))).toBe(
      keyOfVector("a tenant's sync, all types"),
    );
    expect(idempotencyKey(captureSnapshot(tenantId, policyId))).toBe(
      keyOfVector('an empty context'),
    );
  });

  const setId = '0199a3c0-5b1e-7d2a-8f00-000000000003';
  const scheduleId = '0199a3c0-5b1e-7d2a-8f00-000000000004';
  const [one, other] = [
    '0199a3c0-5b1e-7d2a-8f00-000000000001',
    '0199a3c0-5b1e-7d2a-8f00-000000000002',
  ];
  const backup = (request: object) =>
    createBackupSet(tenantId, setId, { name: 'Nightly', ...request });

  // Catches: the new set's id in the key (every start would create a set), a missing parameter, `undefined` for null.
  it.each([
    ['a backup of everything', backup({ all: true })],
    [
      'a backup of types without assignments',
      backup({
        types: ['settingsCatalogPolicy', 'compliancePolicy', 'settingsCatalogPolicy'],
        includeAssignments: false,
      }),
    ],
    [
      'a backup of policies with foundations',
      backup({ policyIds: [other, one, other], includeFoundations: true }),
    ],
    ['a full backup', backup({ all: true, full: true })],
    ['an addition to a backup set', addPolicies(tenantId, setId, { policyIds: [one, one] })],
    [
      'the run of a schedule',
      runBackupSchedule(tenantId, scheduleId, setId, { name: 'Nightly', all: true }),
    ],
    ['an export', exportPolicies(tenantId, setId, 'intunecd')],
    ['an import', importPolicies(tenantId, setId, '0'.repeat(64))],
    ['a restore of a whole set', executeRestore(tenantId, { backupSetId: setId })],
    [
      'a restore with every option',
      executeRestore(tenantId, {
        ...{ backupSetId: setId, sourceTenantId: 'tenant-2', previewRunId: 'run-1' },
        ...{ itemIds: ['item-2', 'item-1'], groupMapping: { 'group-1': 'group-2' } },
        allowBroadAssignments: true,
        conditionalAccessState: 'asBackedUp',
      }),
    ],
    ['a preview of a whole set', previewRestore(tenantId, { backupSetId: setId })],
    ['an undo', undoRestore(tenantId, 'run-1', true)],
    ['a drift check', checkDrift(tenantId, setId)],
    ['a directory sync', syncDirectory(tenantId)],
  ])('request of %s has the key of the contract', (name, work) => {
    expect(keyOfVector(name)).toBeDefined();
    expect(idempotencyKey(work)).toBe(keyOfVector(name));
  });

  it('key of a sync does not depend on the order and repetition of types', () => {
    const types = ['settingsCatalogPolicy', 'compliancePolicy', 'settingsCatalogPolicy'];
    expect(idempotencyKey(inventorySync(tenantId, types))).toBe(keyOfVector('a sync of types'));
    expect(idempotencyKey(inventorySync(tenantId, []))).toBe(keyOfVector('an empty list of types'));
  });

  it('canonicalIds sorts by code unit and drops repetitions', () => {
    expect(canonicalIds(['\ufb33', '\u{1f600}', 'b', 'B', 'b'])).toEqual([
      'B',
      'b',
      '\u{1f600}',
      '\ufb33',
    ]);
  });
});
