import { describe, expect, it, jest } from '@jest/globals';
import { policyTypes } from '#domain/policy-types/catalogue.ts';
import type { ResolvedReference } from '#domain/restore/plan.ts';
import { planItem, type PlanInput } from '#domain/restore/plan/plan-item.ts';
import {
  documentOf,
  sampleDocument,
  type TestDocument,
  typeOf,
} from '#test/domain/support/documents.ts';

const noOptions = { allowBroadAssignments: false, conditionalAccessState: null };

function plan(
  type: string,
  source: Partial<TestDocument>,
  live: Partial<TestDocument> | null,
  how: Partial<PlanInput> = {},
) {
  return planItem({
    policyType: typeOf(type),
    source: documentOf(source),
    live: live === null ? null : documentOf(live),
    target: live === null ? { kind: 'create' } : { kind: 'exists', graphId: 'x', foundBy: 'id' },
    sameTenant: true,
    resolve: (_, graphId) => ({ kind: 'exists', graphId, foundBy: 'id' }),
    groupOf: (id) => id,
    groupNameOf: (id) => `Group ${id}`,
    options: noOptions,
    ...how,
  });
}

const missing = (): ResolvedReference => ({ kind: 'missing' });
const elsewhere = { sameTenant: false, groupOf: () => null } as const;
const codes = ({ warnings }: { readonly warnings: readonly { readonly code: string }[] }) =>
  warnings.map(({ code }) => code);
const desired = ({ desired: text }: { readonly desired: string }) =>
  JSON.parse(text) as TestDocument;
const included = (groupId: string) => ({
  target: { '@odata.type': '#microsoft.graph.groupAssignmentTarget', groupId },
});
const excluded = (groupId: string) => ({
  target: { '@odata.type': '#microsoft.graph.exclusionGroupAssignmentTarget', groupId },
});

/** Counts how often the work parses a document; the parser works as usual. */
function parsesOf(work: () => void): number {
  const parse = jest.spyOn(JSON, 'parse');
  try {
    work();
    return parse.mock.calls.filter(([text]) => text.startsWith('{"item":')).length;
  } finally {
    parse.mockRestore();
  }
}

describe('planItem', () => {
  const types = policyTypes.map(({ type }) => type);

  // Catches: a document passed on as text and parsed again for each comparison: eleven parses per item.
  it.each(types)('parses each document of %s once, before it plans', (type) => {
    const sample = sampleDocument(type);
    const changed = { ...sample, item: { ...sample.item, description: 'x' }, assignments: [] };
    expect(parsesOf(() => plan(type, sample, changed))).toBe(2);
    expect(parsesOf(() => plan(type, sample, changed, elsewhere))).toBe(2);
    expect(parsesOf(() => plan(type, sample, sample))).toBe(2);
    expect(parsesOf(() => plan(type, sample, null))).toBe(1);
  });

  // Catches: a type that a second restore would write again, or an unchanged item that is blocked.
  it.each(types)('plans nothing for an unchanged %s', (type) => {
    const sample = sampleDocument(type);
    expect(plan(type, sample, sample)).toMatchObject({
      action: 'none',
      changes: [],
      warnings: [],
      blockedBy: null,
      assignmentsBlocked: false,
    });
  });

  // Catches: a deleted tag or group left out of an unchanged policy; false drift.
  it.each(types)('plans nothing for an unchanged %s with missing references', (type) => {
    const sample = sampleDocument(type);
    const gone = { resolve: missing, groupOf: () => null };
    expect(plan(type, sample, sample, gone)).toMatchObject({
      ...{ action: 'none', changes: [], warnings: [], blockedBy: null },
    });
  });

  it('leaves out a missing scope tag if there is another change', () => {
    const script = (displayName: string) => ({ item: { displayName, roleScopeTagIds: ['7'] } });
    const planned = plan('powershellScript', script('A'), script('B'), { resolve: missing });
    expect(codes(planned)).toEqual(['scope_tag_unmapped']);
    expect(desired(planned).item['roleScopeTagIds']).toEqual(['0']);
  });

  it.each(policyTypes.filter(({ restore }) => restore !== null).map(({ type }) => type))(
    'creates %s, unless it holds a secret that Graph withholds',
    (type) => {
      const sample = sampleDocument(type);
      const planned = plan(type, sample, null);
      const secret = /"\*{4}"|encryptedValueToken|"isEncrypted":true/.test(JSON.stringify(sample));
      const expected = secret ? 'blocked' : 'create';
      expect(planned).toMatchObject({ action: expected, liveHash: null });
      expect(planned.blockedBy?.code).toBe(secret ? 'needs_secret' : undefined);
      expect(planned.changes.length).toBeGreaterThan(0);
    },
  );

  it('updates the differing parts and names them', () => {
    const source = { item: { displayName: 'Was', scriptContent: 'a', version: 1 } };
    const live = { item: { displayName: 'Is', scriptContent: 'a', version: 2 } };
    const planned = plan('powershellScript', source, live);
    expect(planned).toMatchObject({
      action: 'update',
      changes: [{ path: 'item.displayName', before: '"Is"', after: '"Was"' }],
      liveHash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  it('blocks a type without a restore rule if it differs', () => {
    const app = { item: { displayName: 'App' } };
    const other = { item: { displayName: 'Other' } };
    expect(plan('mobileApp', app, other)).toMatchObject({
      action: 'blocked',
      blockedBy: { code: 'not_restorable' },
      changes: [{ path: 'item.displayName' }],
    });
    expect(plan('mobileApp', app, null).blockedBy?.code).toBe('not_restorable');
  });

  it('blocks an ambiguous target', () => {
    const target = { kind: 'ambiguous', candidates: 3 } as const;
    const planned = plan('powershellScript', { item: { displayName: 'N' } }, null, { target });
    expect(planned).toMatchObject({ action: 'blocked', blockedBy: { code: 'ambiguous_target' } });
    expect(planned.blockedBy?.message).toContain('3');
  });

  // Catches: a missing app that blocks an unchanged page.
  it('blocks on a missing reference only if it would be written', () => {
    const page = (displayName: string) => ({
      item: { displayName, selectedMobileAppIds: ['11111111-1111-4111-8111-111111111111'] },
    });
    const resolve = missing;
    expect(plan('enrollmentConfiguration', page('A'), page('B'), { resolve })).toMatchObject({
      action: 'blocked',
      blockedBy: { code: 'reference_missing' },
    });
    expect(plan('enrollmentConfiguration', page('A'), null, { resolve }).action).toBe('blocked');
    expect(plan('enrollmentConfiguration', page('A'), page('A'), { resolve })).toMatchObject({
      action: 'none',
      blockedBy: null,
      references: [{ resolution: 'missing' }],
    });
  });

  it('warns of a difference that Graph cannot write, and does not list it as a change', () => {
    const filter = (platform: string, rule: string) => ({ item: { platform, rule } });
    const same = plan('assignmentFilter', filter('iOS', 'r'), filter('android', 'r'));
    expect(same).toMatchObject({ action: 'none', changes: [] });
    expect(same.warnings).toMatchObject([{ code: 'not_writable' }]);
    expect(same.warnings[0]?.message).toContain('item.platform');
    const both = plan('assignmentFilter', filter('iOS', 'r'), filter('android', 's'));
    expect(both).toMatchObject({ action: 'update', changes: [{ path: 'item.rule' }] });
    expect(codes(both)).toEqual(['not_writable']);
  });

  it('ignores properties that the backup does not know', () => {
    const live = { item: { displayName: 'N', brandNew: true } };
    expect(plan('powershellScript', { item: { displayName: 'N' } }, live)).toMatchObject({
      action: 'none',
      changes: [],
      warnings: [],
    });
  });
});

describe('assignments in a plan', () => {
  const item = { displayName: 'N' };
  const script = (...assignments: Record<string, unknown>[]) => ({ item, assignments });

  it('are shown before and after, with the names of groups', () => {
    const inherited = { ...included('i'), source: 'policySets' };
    const planned = plan(
      'powershellScript',
      script(included('a')),
      script(excluded('b'), inherited),
    );
    const none = { filterId: null, filterType: null, intent: null };
    expect(planned.action).toBe('update');
    expect(planned.assignments).toEqual({
      before: [
        {
          target: 'exclusionGroupAssignmentTarget',
          groupId: 'b',
          groupDisplayName: 'Group b',
          ...none,
        },
      ],
      after: [
        { target: 'groupAssignmentTarget', groupId: 'a', groupDisplayName: 'Group a', ...none },
      ],
    });
  });

  // Catches: the rest of the assignments written without the exclusion.
  it('stay if an exclusion is unmapped; the content is restored', () => {
    const source = script(included('a'), excluded('b'));
    const groupOf = (id: string) => (id === 'b' ? null : id);
    const planned = plan('powershellScript', source, { item: { displayName: 'M' } }, { groupOf });
    expect(planned).toMatchObject({
      action: 'update',
      assignmentsBlocked: true,
      changes: [{ path: 'item.displayName' }],
      assignments: { before: [], after: [] },
    });
    expect(desired(planned).assignments).toBeNull();
  });

  // Catches: a deleted but still assigned group that fails every further restore.
  it('need no group if they are unchanged', () => {
    const source = script(included('a'), excluded('b'));
    const live = script({ id: 'x', source: 'direct', ...excluded('b') }, included('a'));
    const planned = plan('powershellScript', source, live, { groupOf: () => null });
    expect(planned).toMatchObject({ action: 'none', assignmentsBlocked: false, warnings: [] });
  });

  it('stay if the backup does not know them', () => {
    const planned = plan('powershellScript', { item, assignments: null }, script(included('a')));
    expect(planned).toMatchObject({ action: 'none', assignments: null, assignmentsBlocked: false });
  });
});

describe('a property that could lock people out', () => {
  const access = (state: string, displayName = 'N') => ({ item: { displayName, state } });
  const asBackedUp = { ...noOptions, conditionalAccessState: 'asBackedUp' } as const;

  // Catches: a policy enabled by a restore without a request.
  it('is harmless in a new object, and an existing object keeps its value', () => {
    const made = plan('conditionalAccess', access('enabled'), null);
    expect(desired(made).item['state']).toBe('disabled');
    expect(codes(made)).toEqual(['state_not_restored']);
    const live = access('enabledForReportingButNotEnforced', 'Other');
    const changed = plan('conditionalAccess', access('enabled'), live);
    expect(desired(changed).item['state']).toBe('enabledForReportingButNotEnforced');
    expect(changed.changes.map(({ path }) => path)).toEqual(['item.displayName']);
    expect(plan('conditionalAccess', access('enabled'), access('disabled')).action).toBe('none');
  });

  it('gets the backed-up value on request, and by an undo', () => {
    for (const how of [{ options: asBackedUp }, { isUndo: true }]) {
      expect(desired(plan('conditionalAccess', access('enabled'), null, how)).item['state']).toBe(
        'enabled',
      );
      const planned = plan('conditionalAccess', access('enabled'), access('disabled'), how);
      expect(planned).toMatchObject({ action: 'update', warnings: [] });
      expect(desired(planned).item['state']).toBe('enabled');
    }
  });
});

describe('an object that every tenant has', () => {
  const page = (priority: number, displayName = 'N') => ({
    item: { displayName, priority },
    assignments: [included('a')],
  });

  it('is changed in place, never created or assigned', () => {
    const planned = plan('enrollmentConfiguration', page(0), { ...page(0, 'M'), assignments: [] });
    expect(planned).toMatchObject({ action: 'update', assignments: { before: [], after: [] } });
    expect(desired(planned).assignments).toBeNull();
    expect(plan('enrollmentConfiguration', page(0), null)).toMatchObject({
      action: 'blocked',
      blockedBy: { code: 'not_portable' },
    });
  });

  // Catches: the default of a tenant overwritten by a policy of the same name.
  it('is no target for any other object', () => {
    for (const [source, live] of [
      [page(0), page(2, 'M')],
      [page(2), page(0, 'M')],
    ] as const) {
      const planned = plan('enrollmentConfiguration', source, live);
      expect(planned).toMatchObject({ action: 'blocked', blockedBy: { code: 'not_portable' } });
    }
  });

  it('does not go to another tenant with settings of an uploaded file', () => {
    const values = [
      { id: 'v', enabled: true, definition: { id: 'd', policyType: 'admxIngested' } },
    ];
    const source = { item: { displayName: 'N' }, children: { definitionValues: values } };
    const planned = plan('administrativeTemplate', source, null, elsewhere);
    expect(planned.blockedBy?.code).toBe('not_portable');
    expect(plan('administrativeTemplate', source, null).action).toBe('create');
  });
});

describe('secrets that Graph withholds', () => {
  const oma = (omaUri: string, value: string, more: object = {}) => ({ omaUri, value, ...more });
  const secret = (reference: string) =>
    oma('./secret', '****', { isEncrypted: true, secretReferenceValueId: reference });
  const custom = (displayName: string, ...omaSettings: object[]) => ({
    item: {
      '@odata.type': '#microsoft.graph.windows10CustomConfiguration',
      displayName,
      omaSettings,
    },
  });
  const masked = { action: 'blocked', blockedBy: { code: 'needs_secret' } };

  // Catches: four asterisks written as a password.
  it('block a new object that holds one', () => {
    const planned = plan('deviceConfiguration', custom('N', secret('1')), null);
    expect(planned).toMatchObject(masked);
    expect(planned.blockedBy?.message).toContain('item.omaSettings');
    expect(plan('deviceConfiguration', custom('N', oma('./plain', 'a')), null).action).toBe(
      'create',
    );
  });

  it('stay beside a change of another property', () => {
    const planned = plan('deviceConfiguration', custom('N', secret('1')), custom('M', secret('2')));
    expect(planned).toMatchObject({ action: 'update', changes: [{ path: 'item.displayName' }] });
    expect(codes(planned)).toEqual(['secret_kept']);
    expect(JSON.stringify(planned.changes)).not.toContain('secret');
  });

  it('block a change beside them in one property', () => {
    const source = custom('N', secret('1'), oma('./plain', 'a'));
    const live = custom('N', secret('1'), oma('./plain', 'b'));
    expect(plan('deviceConfiguration', source, live)).toMatchObject(masked);
    expect(plan('deviceConfiguration', source, custom('N', oma('./plain', 'a')))).toMatchObject(
      masked,
    );
  });

  const token = (value: string) => ({
    settingInstance: {
      settingDefinitionId: 'password',
      simpleSettingValue: { value, valueState: 'encryptedValueToken' },
    },
  });
  const catalog = (name: string, ...settings: object[]) => ({
    item: { name },
    children: { settings },
  });

  // Catches: a token sent back in a PUT, which Graph stores as the password.
  it('block every change of a type that is written as a whole', () => {
    const source = catalog('N', token('t'));
    expect(plan('settingsCatalogPolicy', source, null)).toMatchObject(masked);
    expect(plan('settingsCatalogPolicy', source, catalog('M', token('t')))).toMatchObject(masked);
    expect(plan('settingsCatalogPolicy', source, source).action).toBe('none');
  });

  it('never appear in a plan', () => {
    const source = custom('N', oma('./secret', 'plain text', { isEncrypted: true }));
    const { changes, warnings, blockedBy } = plan('deviceConfiguration', source, null);
    expect(JSON.stringify([changes, warnings, blockedBy])).not.toContain('plain text');
  });
});
