import { describe, expect, it } from '@jest/globals';
import { addressedTo, type PlannedWrite } from '#domain/restore/planned-write.ts';
import { bodyOf, plannedWrites, summary, toGroup } from '#test/domain/support/planned-writes.ts';

// The requests for parts of an object with addresses of their own.

const repeatables = (found: readonly PlannedWrite[]) => found.map(({ repeatable }) => repeatable);

describe('a child that one action writes as a whole', () => {
  const rule = (hours: number, id: string) => ({
    id,
    ruleName: null,
    'scheduledActionConfigurations@odata.context': 'x',
    scheduledActionConfigurations: [{ id: `${id}1`, actionType: 'block', gracePeriodHours: hours }],
  });
  const written = (hours: number) => ({
    ruleName: null,
    scheduledActionConfigurations: [{ actionType: 'block', gracePeriodHours: hours }],
  });
  const children = (hours: number, id: string) => ({
    children: { scheduledActionsForRule: [rule(hours, id)] },
  });

  // Catches: ids in a request, and a POST of the policy without the parts that Graph demands.
  it('comes with the new object, and by its own action later', () => {
    const created = plannedWrites('compliancePolicy', children(8, 'a'), null);
    expect(created.map(bodyOf)).toEqual([{ scheduledActionsForRule: [written(8)] }]);
    const changed = plannedWrites('compliancePolicy', children(8, 'a'), children(24, 'b'));
    expect(summary(changed)).toEqual([
      'scheduleActionsForRules: POST /deviceManagement/deviceCompliancePolicies/{id}/scheduleActionsForRules',
    ]);
    expect(changed.map(bodyOf)).toEqual([
      { deviceComplianceScheduledActionForRules: [written(8)] },
    ]);
    expect(repeatables(changed)).toEqual([true]);
    expect(plannedWrites('compliancePolicy', children(8, 'a'), children(8, 'b'))).toEqual([]);
  });

  it('follows the new object if Graph ignores it in the create', () => {
    const created = plannedWrites('compliancePolicyV2', children(8, 'a'), null);
    expect(created.map(({ name }) => name)).toEqual(['create', 'setScheduledActions']);
    expect(bodyOf(created[1])).toEqual({ scheduledActions: [written(8)] });
  });

  // Catches: apps with properties that Graph computed, and an app group type that a PATCH cannot set.
  it('names apps by their identifiers, with their app group type', () => {
    const app = (bundleId: string, id: string) => ({
      id,
      version: id,
      mobileAppIdentifier: { '@odata.type': '#ios', bundleId },
    });
    const policy = (group: string, apps: object[]) => ({
      item: { displayName: 'P', appGroupType: group },
      children: { apps },
    });
    const live = policy('allApps', []);
    const desired = policy('selectedPublicApps', [app('a.b', '1')]);
    const found = plannedWrites('iosAppProtection', desired, live);
    expect(summary(found)).toEqual([
      'targetApps: POST /deviceAppManagement/iosManagedAppProtections/{id}/targetApps',
    ]);
    expect(bodyOf(found[0])).toEqual({
      apps: [{ mobileAppIdentifier: { '@odata.type': '#ios', bundleId: 'a.b' } }],
      appGroupType: 'selectedPublicApps',
    });
    const same = policy('selectedPublicApps', [app('a.b', '2')]);
    expect(plannedWrites('iosAppProtection', desired, same)).toEqual([]);
  });
});

describe('elements that are written one by one', () => {
  const message = (locale: string, subject: string) => ({ id: `x_${locale}`, locale, subject });

  // Catches: a locale in a PATCH, which Graph refuses; a POST of an existing element; and a repeatable POST.
  it('are added, changed and removed', () => {
    const found = plannedWrites(
      'notificationTemplate',
      { children: { localizedNotificationMessages: [message('de', 'A'), message('fr', 'B')] } },
      { children: { localizedNotificationMessages: [message('en', 'C'), message('de', 'D')] } },
    );
    const path =
      '/deviceManagement/notificationMessageTemplates/{id}/localizedNotificationMessages';
    expect(summary(found)).toEqual([
      `localizedNotificationMessages:fr: POST ${path}`,
      `localizedNotificationMessages:de:change: PATCH ${path}/x_de`,
      `localizedNotificationMessages:en:remove: DELETE ${path}/x_en`,
    ]);
    expect(found.map(bodyOf)).toEqual([{ locale: 'fr', subject: 'B' }, { subject: 'A' }, null]);
    expect(repeatables(found)).toEqual([false, true, true]);
  });
});

describe('settings of an intent', () => {
  const setting = (definitionId: string, valueJson: string) => ({
    id: '7',
    definitionId,
    valueJson,
  });

  // Catches: a setting that cannot be removed and is requested again and again.
  it('are set, and surplus ones lose their value', () => {
    const found = plannedWrites(
      'endpointSecurityIntent',
      { children: { settings: [setting('a', '1'), setting('b', '2')] } },
      {
        children: {
          settings: [setting('a', '1'), setting('b', '3'), setting('c', '4'), setting('d', 'null')],
        },
      },
    );
    expect(summary(found)).toEqual([
      'updateSettings: POST /deviceManagement/intents/{id}/updateSettings',
    ]);
    expect(bodyOf(found[0])).toEqual({
      settings: [
        { definitionId: 'b', valueJson: '2' },
        { definitionId: 'c', valueJson: 'null' },
      ],
    });
  });
});

describe('values of an administrative template', () => {
  const graph = 'https://graph.microsoft.com/beta/deviceManagement/groupPolicyDefinitions';
  const value = (id: string, enabled: boolean, text: string, definitionId = 'd1') => ({
    values: { id, enabled, definition: { id: definitionId, displayName: id } },
    inner: [{ id: `${id}p`, '@odata.type': '#t', value: text, presentation: { id: 'p1' } }],
  });
  const template = (...values: ReturnType<typeof value>[]) => ({
    children: {
      definitionValues: values.map((each) => each.values),
      presentationValues: Object.fromEntries(
        values.map(({ values: { id }, inner }) => [id, inner]),
      ),
    },
  });

  it('are bound to their definitions and presentations', () => {
    const desired = template(value('new', true, 'x'), value('mine', false, 'y', 'd2'));
    const live = template(value('theirs', true, 'z', 'd2'), value('gone', true, 'z', 'd3'));
    const [write, ...others] = plannedWrites('administrativeTemplate', desired, live);
    expect(others).toEqual([]);
    expect(write?.path).toBe(
      '/deviceManagement/groupPolicyConfigurations/{id}/updateDefinitionValues',
    );
    expect(bodyOf(write)).toEqual({
      added: [
        {
          enabled: true,
          'definition@odata.bind': `${graph}('d1')`,
          presentationValues: [
            {
              '@odata.type': '#t',
              value: 'x',
              'presentation@odata.bind': `${graph}('d1')/presentations('p1')`,
            },
          ],
        },
      ],
      updated: [
        {
          id: 'theirs',
          enabled: false,
          'definition@odata.bind': `${graph}('d2')`,
          presentationValues: [
            {
              id: 'theirsp',
              '@odata.type': '#t',
              value: 'y',
              'presentation@odata.bind': `${graph}('d2')/presentations('p1')`,
            },
          ],
        },
      ],
      deletedIds: ['gone'],
    });
    expect(write?.repeatable).toBe(false);
  });

  // Catches: values compared with their definitions, which Microsoft changes.
  it('ignore changes of their definitions, and a change of them is repeatable', () => {
    const desired = template(value('a', true, 'x'));
    expect(
      plannedWrites('administrativeTemplate', desired, template(value('b', true, 'x'))),
    ).toEqual([]);
    const [write] = plannedWrites(
      'administrativeTemplate',
      desired,
      template(value('b', true, 'y')),
    );
    expect(write?.repeatable).toBe(true);
  });
});

describe('links to certificates', () => {
  const kind = { '@odata.type': '#microsoft.graph.iosEnterpriseWiFiConfiguration' };
  const profile = (roots: string[], identity: string | null) => ({
    item: { ...kind, displayName: 'Wi-Fi' },
    children: {
      rootCertificatesForServerValidation: roots.map((id) => ({ id, displayName: `of ${id}` })),
      identityCertificateForClientAuthentication: identity === null ? null : { id: identity },
    },
  });
  const path =
    '/deviceManagement/deviceConfigurations/{id}/microsoft.graph.iosEnterpriseWiFiConfiguration';
  const url = "https://graph.microsoft.com/beta/deviceManagement/deviceConfigurations('r2')";

  it('are added and removed one by one; a single one is replaced', () => {
    const found = plannedWrites(
      'deviceConfiguration',
      profile(['r1', 'r2'], 'r2'),
      profile(['r1', 'r3'], 'r1'),
    );
    expect(summary(found)).toEqual([
      `rootCertificatesForServerValidation:r2: POST ${path}/rootCertificatesForServerValidation/$ref`,
      `rootCertificatesForServerValidation:r3:remove: DELETE ${path}/rootCertificatesForServerValidation/r3/$ref`,
      `identityCertificateForClientAuthentication: PUT ${path}/identityCertificateForClientAuthentication/$ref`,
    ]);
    expect(found.map(bodyOf)).toEqual([{ '@odata.id': url }, null, { '@odata.id': url }]);
    expect(repeatables(found)).toEqual([false, true, true]);
  });

  it('are compared by their ids, and removed if the desired policy has none', () => {
    const live = profile(['R1'], 'r1');
    expect(plannedWrites('deviceConfiguration', profile(['r1'], 'R1'), live)).toEqual([]);
    expect(summary(plannedWrites('deviceConfiguration', profile(['r1'], null), live))).toEqual([
      `identityCertificateForClientAuthentication:remove: DELETE ${path}/identityCertificateForClientAuthentication/$ref`,
    ]);
  });
});

describe('assignments of a role', () => {
  const assignment = (id: string, displayName: string, members: string[]) => ({
    list: { id, displayName },
    detail: { id, displayName, members, roleScopeTags: [{ id: '7', displayName: `tag of ${id}` }] },
  });
  const role = (...assigned: ReturnType<typeof assignment>[]) => ({
    item: { displayName: 'Role' },
    children: {
      roleAssignments: assigned.map(({ list }) => list),
      roleAssignmentDetails: Object.fromEntries(
        assigned.map(({ list, detail }) => [list.id, detail]),
      ),
    },
  });
  const root = 'https://graph.microsoft.com/beta/deviceManagement';
  const tags = { 'roleScopeTags@odata.bind': [`${root}/roleScopeTags('7')`] };

  it('are bound to the role and to their scope tags', () => {
    const desired = role(assignment('1', 'North', ['a']), assignment('2', 'South', ['b']));
    const live = role(assignment('8', 'South', ['c']), assignment('9', 'West', []));
    const found = plannedWrites('roleDefinition', desired, live);
    expect(summary(found)).toEqual([
      'roleAssignments:North: POST /deviceManagement/roleAssignments',
      'roleAssignments:South:change: PATCH /deviceManagement/roleAssignments/8',
      'roleAssignments:West:remove: DELETE /deviceManagement/roleAssignments/9',
    ]);
    expect(repeatables(found)).toEqual([false, true, true]);
    expect(bodyOf(found[0])).toEqual({
      displayName: 'North',
      members: ['a'],
      ...tags,
      'roleDefinition@odata.bind': `${root}/roleDefinitions('{id}')`,
    });
    expect(bodyOf(found[1])).toEqual({ displayName: 'South', members: ['b'], ...tags });
    const again = role(assignment('5', 'South', ['b']), assignment('6', 'North', ['a']));
    expect(plannedWrites('roleDefinition', desired, again)).toEqual([]);
  });

  // Catches: an id put into content that only looks like a place for one; reusable settings really do hold `{id}`.
  it('get the id of the role inside links only', () => {
    const named = `x "roleDefinition@odata.bind":"y('{id}')" {id}`;
    const [write] = plannedWrites('roleDefinition', role(assignment('1', named, [])), role());
    const sent = addressedTo({ path: '/a/{id}/b', body: write?.body ?? null }, 'r/1');
    expect(sent.path).toBe('/a/r%2F1/b');
    expect(JSON.parse(sent.body ?? '')).toEqual({
      displayName: named,
      members: [],
      ...tags,
      'roleDefinition@odata.bind': `${root}/roleDefinitions('r%2F1')`,
    });
  });
});

describe('items of a policy set', () => {
  const item = (id: string, payloadId: string, intent = 'required') => ({
    '@odata.type': '#microsoft.graph.mobileAppPolicySetItem',
    id,
    payloadId,
    intent,
    status: 'success',
    displayName: `of ${id}`,
  });

  it('are written with the assignments', () => {
    const desired = {
      children: { items: [item('1', 'a'), item('2', 'b')] },
      assignments: [{ id: 'x', ...toGroup('g') }],
    };
    const live = {
      children: { items: [item('8', 'b', 'available'), item('9', 'c')] },
      assignments: [],
    };
    const [write, ...others] = plannedWrites('policySet', desired, live);
    expect(others).toEqual([]);
    expect(write).toMatchObject({ name: 'policySetUpdate', repeatable: false });
    const type = { '@odata.type': '#microsoft.graph.mobileAppPolicySetItem' };
    expect(bodyOf(write)).toEqual({
      addedPolicySetItems: [{ ...type, payloadId: 'a', intent: 'required' }],
      updatedPolicySetItems: [{ id: '8', ...type, payloadId: 'b', intent: 'required' }],
      deletedPolicySetItems: ['9'],
      assignments: [toGroup('g')],
    });
    const unassigned = { ...desired, assignments: null };
    expect(bodyOf(plannedWrites('policySet', unassigned, live)[0])).not.toHaveProperty(
      'assignments',
    );
    expect(plannedWrites('policySet', unassigned, { ...desired, assignments: [] })).toEqual([]);
  });
});

describe('the order of the writes of an item', () => {
  // Catches: a place in the order set before the assignments, or an assignment of an incomplete object.
  it('is content, assignments, and last the place among the others', () => {
    const desired = { item: { displayName: 'A', priority: 2 }, assignments: [toGroup('g')] };
    const live = { item: { displayName: 'B', priority: 1 }, assignments: [] };
    const found = plannedWrites('enrollmentConfiguration', desired, live);
    expect(found.map(({ name }) => name)).toEqual(['update', 'assign', 'setPriority']);
    expect(found.map(bodyOf).at(-1)).toEqual({ priority: 2 });
    expect(bodyOf(found[0])).toEqual({ displayName: 'A' });
  });
});
