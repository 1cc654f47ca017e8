import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TestClient } from './client.ts';
import { messageOf, startTestClient, testGroups, toGroup, write } from './client.ts';

const manage = '/deviceManagement';
const apps = '/deviceAppManagement';
const access = '/identity/conditionalAccess';
const graph = '#microsoft.graph';
const strangerId = '99999999-0000-4000-8000-000000000009';

let client: TestClient;

beforeAll(async () => {
  client = await startTestClient();
  await client.control('PUT', 'throttle', { conditionalAccess: 1_000 });
  await client.seed(`${manage}/notificationMessageTemplates`, { id: 'mail', displayName: 'Mail' });
  await client.seed(`${manage}/deviceComplianceScripts`, { id: 'script', displayName: 'Script' });
  await client.seed(`${manage}/reusablePolicySettings`, { id: 'shared', displayName: 'Shared' });
  await client.seed(`${apps}/mobileApps`, { id: 'app', displayName: 'App' });
  await client.seed(`${access}/namedLocations`, { id: 'place', displayName: 'Place' });
});

afterAll(() => client.simulator.close());

/** Bodies with a reference to the given id, each with an existing id. */
const referring: readonly (readonly [string, string, (id: string) => unknown, string])[] = [
  ['scope tags', `${manage}/configurationPolicies`, (id) => ({ roleScopeTagIds: [id] }), '0'],
  [
    'shared settings',
    `${manage}/configurationPolicies`,
    (value) => ({
      settings: [
        {
          settingInstance: {
            simpleSettingValue: {
              '@odata.type': `${graph}.deviceManagementConfigurationReferenceSettingValue`,
              value,
            },
          },
        },
      ],
    }),
    'shared',
  ],
  [
    'templates of mails',
    `${manage}/deviceCompliancePolicies`,
    (notificationTemplateId) => compliance({}, { notificationTemplateId }),
    'mail',
  ],
  [
    'groups that get a copy',
    `${manage}/deviceCompliancePolicies`,
    (group) => compliance({}, { notificationMessageCCList: [group] }),
    testGroups[0],
  ],
  [
    'compliance scripts',
    `${manage}/deviceCompliancePolicies`,
    (id) => compliance({ deviceCompliancePolicyScript: { deviceComplianceScriptId: id } }, {}),
    'script',
  ],
  [
    'apps of a status page',
    `${manage}/deviceEnrollmentConfigurations`,
    (id) => ({
      '@odata.type': `${graph}.windows10EnrollmentCompletionPageConfiguration`,
      selectedMobileAppIds: [id],
    }),
    'app',
  ],
  [
    'apps of a configuration',
    `${apps}/mobileAppConfigurations`,
    (id) => ({ '@odata.type': `${graph}.iosMobileAppConfiguration`, targetedMobileApps: [id] }),
    'app',
  ],
  [
    'items of a policy set',
    `${apps}/policySets`,
    (payloadId) => ({ items: [{ '@odata.type': `${graph}.mobileAppPolicySetItem`, payloadId }] }),
    'app',
  ],
  [
    'locations of conditional access',
    `${access}/policies`,
    (id) => ({ conditions: { locations: { includeLocations: ['All'], excludeLocations: [id] } } }),
    'place',
  ],
  [
    'strengths of conditional access',
    `${access}/policies`,
    (id) => ({ grantControls: { authenticationStrength: { id } } }),
    '00000000-0000-0000-0000-000000000004',
  ],
  [
    'groups of conditional access',
    `${access}/policies`,
    (id) => ({ conditions: { users: { includeUsers: ['All'], excludeGroups: [id] } } }),
    testGroups[0],
  ],
];

function compliance(more: Record<string, unknown>, action: Record<string, unknown>) {
  const block = { actionType: 'block', gracePeriodHours: 0, ...action };
  return {
    '@odata.type': `${graph}.windows10CompliancePolicy`,
    scheduledActionsForRule: [{ ruleName: 'R', scheduledActionConfigurations: [block] }],
    ...more,
  };
}

describe('references in writes to the simulator', () => {
  // Catches: another tenant's reference accepted silently.
  it.each(referring)(
    'a write refuses references to missing %s',
    async (_name, path, bodyOf, known) => {
      const refused = await write(client, 'POST', path, { displayName: 'R', ...named(strangerId) });
      expect(refused.status).toBe(400);
      expect(messageOf(refused)).toContain(strangerId);
      const taken = await write(client, 'POST', path, { displayName: 'R', ...named(known) });
      expect([200, 201]).toContain(taken.status);
      if (path.endsWith('policySets')) return;
      const address = `${path}/${String(taken.json['id'])}`;
      const changed = await write(client, 'PATCH', address, named(strangerId));
      // A PATCH ignores the actions of a compliance policy, and the settings of a catalog policy.
      expect(changed.status).toBe(/mails|copy|settings/.test(_name) ? changed.status : 400);

      function named(id: string): Record<string, unknown> {
        return { ...(bodyOf(id) as Record<string, unknown>) };
      }
    },
  );

  // Catches: references checked only in a POST, not in later actions.
  it('an action refuses references to missing objects', async () => {
    const policies = `${manage}/deviceCompliancePolicies`;
    await client.seed(policies, { id: 'c', ...compliance({}, {}) });
    const actions = compliance({}, { notificationTemplateId: strangerId }).scheduledActionsForRule;
    const scheduled = await write(client, 'POST', `${policies}/c/scheduleActionsForRules`, {
      deviceComplianceScheduledActionForRules: actions,
    });
    await client.seed(`${apps}/policySets`, { id: 'set', displayName: 'Set' });
    const updated = await write(client, 'POST', `${apps}/policySets/set/update`, {
      addedPolicySetItems: [{ payloadId: strangerId }],
    });
    await client.seed(`${manage}/roleDefinitions`, { id: 'role', displayName: 'Role' });
    const role = { 'roleDefinition@odata.bind': `${manage}/roleDefinitions('role')` };
    const assigned = await Promise.all(
      [{ members: [strangerId] }, { 'roleScopeTags@odata.bind': ["x/roleScopeTags('77')"] }].map(
        (more) => write(client, 'POST', `${manage}/roleAssignments`, { ...role, ...more }),
      ),
    );
    const statuses = [scheduled, updated, ...assigned].map(({ status }) => status);
    expect(statuses).toEqual([400, 400, 400, 400]);
  });

  // Catches: an object that refuses every write after its reference was deleted.
  it('a write without a dangling reference succeeds and leaves it alone', async () => {
    const path = `${apps}/mobileAppConfigurations`;
    const kind = { '@odata.type': `${graph}.iosMobileAppConfiguration` };
    await client.seed(path, { id: 'old', ...kind, targetedMobileApps: [strangerId] });
    const changed = await write(client, 'PATCH', `${path}/old`, { displayName: 'New' });
    expect(changed.status).toBe(204);
  });

  // Catches: a client that does not wait for a new script's replication.
  it('a policy cannot refer to a script during its replication lag', async () => {
    const lag = (seconds: number) =>
      client.control('PUT', 'replication', { tenant: client.tenantId, seconds });
    await lag(30);
    const scripts = `${manage}/deviceComplianceScripts`;
    const script = await write(client, 'POST', scripts, { displayName: 'Fresh' });
    const body = compliance(
      { deviceCompliancePolicyScript: { deviceComplianceScriptId: script.json['id'] } },
      {},
    );
    const policies = `${manage}/deviceCompliancePolicies`;
    expect((await write(client, 'POST', policies, body)).status).toBe(400);
    await lag(0);
    expect((await write(client, 'POST', policies, body)).status).toBe(201);
  });

  // Catches: used objects deleted.
  it('an object in use refuses deletion, except groups', async () => {
    const policy = compliance(
      { deviceCompliancePolicyScript: { deviceComplianceScriptId: 'script' } },
      { notificationTemplateId: 'mail' },
    );
    const policies = `${manage}/deviceCompliancePolicies`;
    await client.seed(policies, { id: 'user', ...policy });
    await client.seed(`${access}/policies`, {
      id: 'ca',
      conditions: { locations: { includeLocations: ['place'] } },
    });
    const used = [
      `${manage}/notificationMessageTemplates/mail`,
      `${manage}/deviceComplianceScripts/script`,
      `${access}/namedLocations/place`,
    ];
    const statuses: number[] = [];
    for (const address of used) statuses.push((await write(client, 'DELETE', address)).status);
    expect(statuses).toEqual([400, 400, 400]);
    // The directory deletes groups without asking Intune.
    const assignments = [toGroup(testGroups[1])];
    await client.seed(policies, { id: 'assigned', ...policy, assignments });
    expect((await write(client, 'DELETE', `/groups/${testGroups[1]}`)).status).toBe(204);
  });
});
