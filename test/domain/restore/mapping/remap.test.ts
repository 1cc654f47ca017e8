import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { documentText, parseDocument, type PolicyDocument } from '#domain/json/policy-document.ts';
import { policyTypes } from '#domain/policy-types/catalogue.ts';
import { remap, type RemapInput } from '#domain/restore/mapping/remap.ts';
import type { ResolvedReference } from '#domain/restore/plan.ts';
import {
  documentOf,
  parsed,
  sampleDocument,
  type TestDocument,
  typeOf,
} from '#test/domain/support/documents.ts';
import { sampleOf } from '#test/graph/support/samples.ts';

const exists = (graphId: string): ResolvedReference => ({
  kind: 'exists',
  graphId,
  foundBy: 'mapping',
});
const missing: ResolvedReference = { kind: 'missing' };

function remapped(type: string, document: Partial<TestDocument>, how: Partial<RemapInput> = {}) {
  const {
    findings,
    assignmentsBlocked,
    document: result,
  } = remap({
    policyType: typeOf(type),
    source: documentOf(document),
    sameTenant: true,
    resolve: (_, id) => exists(id),
    groupOf: (id) => id,
    allowBroadAssignments: false,
    isAsBackedUp: false,
    withAssignments: true,
    ...how,
  });
  return {
    ...result,
    blockedBy: findings.blockedBy?.code ?? null,
    assignmentsBlocked,
    references: findings.references,
    warnings: findings.warnings.map(({ code }) => code),
    messages: findings.warnings.map(({ message }) => message).join(' '),
  };
}

/** A distinct other id for every id: each hexadecimal digit moved forward or back. Short ones get longer. */
function turned(id: string, by: number): string {
  if (id.length < 8) return by < 0 ? id.slice(0, -1) : id + (by > 0 ? 'x' : '');
  return id.replaceAll(/[0-9a-f]/g, (digit) =>
    ((Number.parseInt(digit, 16) + by + 16) % 16).toString(16),
  );
}

const guid = (digit: string) => [8, 4, 4, 4, 12].map((length) => digit.repeat(length)).join('-');

describe('remap', () => {
  const types = policyTypes.map(({ type }) => type);

  // Catches: a kind of place that only the capture reads, or only the restore.
  it.each(types)('asks for exactly the references of a capture of %s', (type) => {
    const asked = new Set<string>();
    const resolve = (policyType: string, id: string) => {
      asked.add(`${policyType} ${id}`);
      return missing;
    };
    remapped(type, sampleDocument(type), { resolve });
    const captured = sampleOf(type).references.map((reference) => {
      const [policyType = '', id = ''] = reference.split(' ');
      return `${policyType} ${id.toLowerCase()}`;
    });
    expect([...asked].sort()).toEqual([...new Set(captured)].sort());
  });

  // Catches: an id replaced twice, a lost prefix, numbers or members changed on the way.
  it.each(types)('there and back gives the same %s', (type) => {
    const policyType = typeOf(type);
    const by = (shift: number): Partial<RemapInput> => ({
      // The code asks in lower case; the answer keeps Intune's spelling.
      resolve: (_, id) => exists(turned(id, shift).replace(/^t_/, 'T_')),
      groupOf: (id) => turned(id, shift),
      sameTenant: true,
    });
    const sample = documentOf(sampleDocument(type));
    const through = (source: PolicyDocument, shift: number) =>
      documentText(
        remap({
          policyType,
          allowBroadAssignments: true,
          isAsBackedUp: false,
          withAssignments: true,
          source,
          ...(by(shift) as Pick<RemapInput, 'resolve' | 'groupOf' | 'sameTenant'>),
        }).document,
      );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 15 }), (shift) => {
        const there = through(sample, shift);
        expect(parsed(through(parseDocument(there), -shift))).toEqual(parsed(through(sample, 0)));
        const replaced = sampleOf(type).references.length > 0;
        if (replaced) expect(parsed(there)).not.toEqual(parsed(through(sample, 0)));
      }),
      { numRuns: 8 },
    );
  });

  it('changes no text that happens to be an id', () => {
    const id = guid('a');
    const item = { description: id, scriptContent: `# ${id}`, roleScopeTagIds: [id] };
    const result = remapped('powershellScript', { item }, { resolve: () => exists(guid('b')) });
    expect(result.item).toEqual({ ...item, roleScopeTagIds: [guid('b')] });
  });

  it('asks in lower case and keeps the spelling of an equal id', () => {
    const item = { selectedMobileAppIds: [guid('A'), guid('B')] };
    const resolve = (_: string, id: string) => exists(id === guid('b') ? guid('c') : id);
    expect(remapped('enrollmentConfiguration', { item }, { resolve }).item).toEqual({
      selectedMobileAppIds: [guid('A'), guid('c')],
    });
  });

  it('puts a placeholder after the prefix for an object still to be created', () => {
    const item = { notificationTemplates: [`Email_${guid('a')}`, `Push_${guid('0')}`] };
    const resolve = () => ({ kind: 'planned', itemId: 'the-item' }) as const;
    const result = remapped('enrollmentConfiguration', { item }, { resolve });
    expect(result.item).toEqual({
      notificationTemplates: ['Email_tenantry:created:the-item', `Push_${guid('0')}`],
    });
    expect(result.references).toEqual([
      {
        policyType: 'notificationTemplate',
        sourceGraphId: guid('a'),
        graphId: null,
        resolution: 'planned',
        itemId: 'the-item',
      },
    ]);
  });

  it('chooses the type of the tenant’s object if several types are possible', () => {
    const payload = {
      '@odata.type': '#microsoft.graph.managedAppProtectionPolicySetItem',
      payloadId: 'T_1',
    };
    const resolve = (type: string) => (type === 'androidAppProtection' ? exists('T_2') : missing);
    const result = remapped('policySet', { children: { items: [payload] } }, { resolve });
    expect(result.children).toEqual({ items: [{ ...payload, payloadId: 'T_2' }] });
    expect(result.blockedBy).toBeNull();
    expect(result.references).toMatchObject([{ policyType: 'androidAppProtection' }]);
  });

  // Catches: the general rule for references and the rule for this script applied one after the other.
  it('replaces once if two rules lead to one place', () => {
    const setting = {
      settingInstance: {
        settingDefinitionId: 'linux_customcompliance_discoveryscript',
        simpleSettingValue: {
          '@odata.type': '#microsoft.graph.deviceManagementConfigurationReferenceSettingValue',
          value: guid('a'),
        },
      },
    };
    const resolve = (_: string, id: string) => (id === guid('a') ? exists(guid('b')) : missing);
    const children = { settings: [setting] };
    const result = remapped('compliancePolicyV2', { children }, { resolve });
    expect(result.blockedBy).toBeNull();
    expect(JSON.stringify(result.children)).toContain(guid('b'));
  });

  it('treats __proto__ as data', () => {
    const source = parseDocument(
      '{"item":{"__proto__":{"roleScopeTagIds":["7"]},"roleScopeTagIds":["7"]}}',
    );
    const { document } = remap({
      policyType: typeOf('powershellScript'),
      source,
      sameTenant: true,
      resolve: () => exists('8'),
      groupOf: () => null,
      allowBroadAssignments: false,
      isAsBackedUp: false,
      withAssignments: true,
    });
    expect(documentText(document)).toBe(
      '{"item":{"__proto__":{"roleScopeTagIds":["7"]},"roleScopeTagIds":["8"]},"children":{},"assignments":null}',
    );
  });
});

describe('a missing reference', () => {
  const resolve = () => missing;

  // Catches: a policy written with an id of another tenant, or with a gap in place of the reference.
  it('blocks the item and is named', () => {
    const item = { targetedMobileApps: [guid('a')] };
    const result = remap({
      policyType: typeOf('appConfigManagedDevice'),
      source: documentOf({ item }),
      sameTenant: false,
      resolve,
      groupOf: () => null,
      allowBroadAssignments: false,
      isAsBackedUp: false,
      withAssignments: true,
    });
    expect(result.findings.blockedBy?.code).toBe('reference_missing');
    expect(result.findings.blockedBy?.message).toContain(`mobileApp ${guid('a')}`);
    expect(result.document.item).toEqual(item);
    expect(result.findings.references).toMatchObject([{ resolution: 'missing', graphId: null }]);
  });

  it('is left out if it is a scope tag, and the default tag stays', () => {
    const tags = (roleScopeTagIds: string[]) =>
      remapped('powershellScript', { item: { roleScopeTagIds } }, { resolve });
    expect(tags(['0', '7'])).toMatchObject({
      item: { roleScopeTagIds: ['0'] },
      warnings: ['scope_tag_unmapped'],
      blockedBy: null,
    });
    expect(tags(['7', '8'])).toMatchObject({
      item: { roleScopeTagIds: ['0'] },
      warnings: ['scope_tag_unmapped', 'scope_tag_unmapped'],
    });
    expect(tags([])).toMatchObject({ item: { roleScopeTagIds: [] }, warnings: [] });
    const filter = remapped('assignmentFilter', { item: { roleScopeTags: ['7'] } }, { resolve });
    expect(filter.item).toEqual({ roleScopeTags: ['0'] });
  });

  // Catches: a role assignment with a wider reach because a narrowing tag was left out.
  it('blocks a role with an assignment scoped by a missing tag', () => {
    const result = remapped('roleDefinition', sampleDocument('roleDefinition'), { resolve });
    expect(result.blockedBy).toBe('reference_missing');
  });

  it('does not include built-in words and empty ids', () => {
    const item = {
      conditions: { locations: { includeLocations: ['All', 'AllTrusted'] } },
      roleScopeTagIds: ['0'],
    };
    const result = remapped('conditionalAccess', { item }, { resolve });
    expect(result).toMatchObject({ item, blockedBy: null, references: [] });
  });
});

describe('groups and users inside a policy', () => {
  const access = (users: object) => ({ item: { conditions: { users } } });
  const usersOf = (result: { readonly item: unknown }) =>
    (result.item as { conditions: { users: unknown } }).conditions.users;

  it('become the tenant’s; words stay', () => {
    const result = remapped(
      'conditionalAccess',
      access({ includeUsers: ['All'], excludeGroups: [guid('A')], excludeUsers: [guid('b')] }),
      { groupOf: (id) => (id === guid('a') ? guid('c') : null) },
    );
    expect(usersOf(result)).toEqual({
      includeUsers: ['All'],
      excludeGroups: [guid('c')],
      excludeUsers: [guid('b')],
    });
    expect(result.blockedBy).toBeNull();
  });

  // Catches: an exclusion left out, which locks the excluded people out.
  it('block the item if they are excluded and have no counterpart', () => {
    for (const users of [{ excludeGroups: [guid('a')] }, { excludeUsers: [guid('a')] }]) {
      const elsewhere = { sameTenant: false, groupOf: () => null };
      const result = remapped('conditionalAccess', access(users), elsewhere);
      expect(result.blockedBy).toBe('group_unmapped');
      expect(usersOf(result)).toEqual(users);
    }
  });

  it('are left out with a warning if they are included and have no counterpart', () => {
    const users = {
      includeUsers: [guid('a'), 'GuestsOrExternalUsers'],
      includeGroups: [guid('b')],
    };
    const elsewhere = { sameTenant: false, groupOf: () => null };
    const result = remapped('conditionalAccess', access(users), elsewhere);
    expect(usersOf(result)).toEqual({ includeUsers: ['GuestsOrExternalUsers'], includeGroups: [] });
    expect(result.warnings).toEqual(['group_unmapped', 'group_unmapped']);
    expect(result.messages).toContain(guid('a'));
    expect(result.messages).toContain(guid('b'));
  });

  it('leave a policy for None if all included ones are left out', () => {
    const elsewhere = { sameTenant: false, groupOf: () => null };
    const reached = (users: object) =>
      usersOf(remapped('conditionalAccess', access(users), elsewhere));
    expect(reached({ includeUsers: [], includeGroups: [guid('a')] })).toEqual({
      includeUsers: ['None'],
      includeGroups: [],
    });
    // Roles still name users, and a policy for no one stays so.
    expect(reached({ includeUsers: [guid('a')], includeRoles: [guid('b')] })).toEqual({
      includeUsers: [],
      includeRoles: [guid('b')],
    });
    expect(reached({ includeUsers: [], includeGroups: [] })).toEqual({
      includeUsers: [],
      includeGroups: [],
    });
  });

  it('are left out of copies of mails', () => {
    const actions = [{ notificationMessageCCList: [guid('a'), guid('b')] }];
    const children = { scheduledActionsForRule: [{ scheduledActionConfigurations: actions }] };
    const groupOf = (id: string) => (id === guid('a') ? guid('c') : null);
    const result = remapped('compliancePolicy', { children }, { groupOf });
    expect(JSON.stringify(result.children)).toContain(
      `"notificationMessageCCList":["${guid('c')}"]`,
    );
    expect(result.warnings).toEqual(['group_unmapped']);
  });
});
