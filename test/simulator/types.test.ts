import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Answer, TestClient } from './client.ts';
import { messageOf, startTestClient, testGroups, valuesOf, write as writeTo } from './client.ts';

const manage = '/deviceManagement';

let client: TestClient;

beforeAll(async () => {
  client = await startTestClient();
});

afterAll(() => client.simulator.close());

function write(method: string, path: string, body?: unknown): Promise<Answer> {
  return writeTo(client, method, path, body);
}

const block = { actionType: 'block', gracePeriodHours: 0 };
const groupTarget = {
  '@odata.type': '#microsoft.graph.groupAssignmentTarget',
  groupId: testGroups[0],
};

describe('simulated classic compliance policies', () => {
  const path = `${manage}/deviceCompliancePolicies`;

  // Catches: scheduled actions in a plain GET, and a path Intune does not route.
  it('compliance policies return scheduled actions only by $expand', async () => {
    const rule = { ruleName: 'R', scheduledActionConfigurations: [block] };
    await client.seed(path, { id: 'c', displayName: 'C', scheduledActionsForRule: [rule] });
    expect((await client.graph(`${path}/c`)).json).not.toHaveProperty('scheduledActionsForRule');
    const nested = '$expand=scheduledActionsForRule($expand=scheduledActionConfigurations)';
    const expanded = await client.graph(`${path}?${nested}`);
    expect(JSON.stringify(valuesOf(expanded)[0])).toContain('"actionType":"block"');
    const flat = await client.graph(`${path}/c?$expand=scheduledActionsForRule`);
    expect(flat.text).not.toContain('actionType');
    const routed = await client.graph(`${path}/c/scheduledActionsForRule`);
    expect(routed.status).toBe(400);
    expect(messageOf(routed)).toContain('No method match route template');
  });

  // Catches: a policy without a block action, or with two.
  it('a compliance policy needs exactly one block action', async () => {
    const body = (...actions: unknown[]) => ({
      '@odata.type': '#microsoft.graph.windows10CompliancePolicy',
      displayName: 'New',
      scheduledActionsForRule: [{ ruleName: 'R', scheduledActionConfigurations: actions }],
    });
    expect((await write('POST', path, body())).status).toBe(400);
    expect((await write('POST', path, body(block, block))).status).toBe(400);
    const created = await write('POST', path, body(block));
    expect(created.status).toBe(201);
    expect(created.json).toMatchObject({ roleScopeTagIds: ['0'], version: 1 });
    expect(created.json).not.toHaveProperty('scheduledActionsForRule');
    const id = String(created.json['id']);
    const patched = await write('PATCH', `${path}/${id}`, { displayName: 'Renamed' });
    expect(patched.status).toBe(204);
    const after = await client.graph(`${path}/${id}`);
    expect(after.json).toMatchObject({ displayName: 'Renamed', version: 2 });
  });
});

describe('simulated custom settings', () => {
  const path = `${manage}/deviceConfigurations`;
  const setting = {
    '@odata.type': '#microsoft.graph.omaSettingString',
    omaUri: './a',
    value: 's3',
  };

  // Catches: secrets served in plain, and references without a secret.
  it('custom settings are masked, and their reference returns the plain text', async () => {
    await client.seed(path, { id: 'o', omaSettings: [{ ...setting, isEncrypted: true }] });
    const item = await client.graph(`${path}/o`);
    expect(item.text).not.toContain('s3');
    const [masked] = item.json['omaSettings'] as Record<string, unknown>[];
    expect(masked).toMatchObject({ value: '****', isEncrypted: true });
    const reference = String(masked?.['secretReferenceValueId']);
    const call = (id: string) =>
      client.graph(`${path}/o/getOmaSettingPlainTextValue(secretReferenceValueId='${id}')`);
    expect((await call(reference)).json).toMatchObject({ value: 's3' });
    expect((await call('other')).status).toBe(404);
    const kind = { '@odata.type': '#microsoft.graph.windows10CustomConfiguration' };
    const back = { ...kind, displayName: 'x', omaSettings: [masked] };
    expect(messageOf(await write('POST', path, back))).toContain('SecretReferenceValueId invalid');
    const body = { ...kind, displayName: 'x', omaSettings: [setting] };
    const created = await write('POST', path, body);
    expect(created.json['omaSettings']).toMatchObject([{ isEncrypted: true, value: '****' }]);
  });
});

describe('simulated secret settings', () => {
  const path = `${manage}/configurationPolicies`;
  const type = '#microsoft.graph.deviceManagementConfigurationSecretSettingValue';
  const secret = { '@odata.type': type, value: 'hush', valueState: 'notEncrypted' };
  const policyOf = (value: unknown) => ({
    name: 'S',
    settings: [{ settingInstance: { simpleSettingValue: value } }],
  });
  const shownSecret = async (id: string) => {
    const [setting] = valuesOf(await client.graph(`${path}/${id}/settings`));
    const instance = setting?.['settingInstance'] as { simpleSettingValue: typeof secret };
    return instance.simpleSettingValue;
  };

  // Catches: secrets served in plain, and tokens accepted in a POST or in a PUT of their own policy.
  it('secret settings are served as tokens, and writing a token is refused', async () => {
    await client.seed(path, { id: 'secret', ...policyOf(secret) });
    const shown = await shownSecret('secret');
    expect(shown).toMatchObject({ valueState: 'encryptedValueToken' });
    expect(shown.value).not.toBe('hush');
    expect((await write('POST', path, policyOf(shown))).status).toBe(400);
    expect((await write('PUT', `${path}/secret`, policyOf(shown))).status).toBe(400);
    expect(await shownSecret('secret')).toEqual(shown);
    expect((await write('PATCH', `${path}/secret`, { name: 'S2' })).status).toBe(204);
    const objects = await client.control('GET', `tenants/${client.tenantId}/objects`);
    expect(objects.text).toContain('hush');
    expect((await write('PUT', `${path}/secret`, policyOf(secret))).status).toBe(204);
  });
});

describe('simulated scripts', () => {
  // Catches: content in lists, since it hides a capture's duty to read each script.
  it('the list of scripts omits their content', async () => {
    await client.seed(`${manage}/deviceHealthScripts`, {
      id: 's',
      displayName: 'S',
      detectionScriptContent: 'ZA==',
      remediationScriptContent: 'cg==',
      isGlobalScript: true,
    });
    const list = await client.graph(`${manage}/deviceHealthScripts`);
    expect(valuesOf(list)[0]).not.toHaveProperty('detectionScriptContent');
    const item = await client.graph(`${manage}/deviceHealthScripts/s`);
    expect(item.json).toMatchObject({ detectionScriptContent: 'ZA==', isGlobalScript: true });
    const filtered = await client.graph(
      `${manage}/deviceHealthScripts?$filter=isGlobalScript eq false`,
    );
    expect(filtered.status).toBe(400);
  });
});

describe('simulated administrative templates', () => {
  const path = `${manage}/groupPolicyConfigurations`;

  // Catches: definitions and presentations without $expand, and unresolved bind links.
  it('administrative templates return definitions and presentations only by $expand', async () => {
    const presentation = { id: 'pr', label: 'Limit:' };
    await client.seed(path, {
      id: 't',
      displayName: 'T',
      definitionValues: [
        {
          id: 'v',
          enabled: true,
          definition: { id: 'd', displayName: 'D' },
          presentationValues: [{ id: 'pv', value: 7, presentation }],
        },
      ],
    });
    expect(valuesOf(await client.graph(`${path}/t/definitionValues`))).toMatchObject([
      { id: 'v', enabled: true },
    ]);
    const expanded = await client.graph(`${path}/t/definitionValues?$expand=definition`);
    expect(valuesOf(expanded)[0]).toMatchObject({ definition: { displayName: 'D' } });
    const values = await client.graph(
      `${path}/t/definitionValues/v/presentationValues?$expand=presentation`,
    );
    expect(valuesOf(values)[0]).toMatchObject({ value: 7, presentation });
    const root = `https://graph.microsoft.com/beta/deviceManagement/groupPolicyDefinitions('d')`;
    const added = {
      enabled: false,
      'definition@odata.bind': root,
      presentationValues: [{ value: 9, 'presentation@odata.bind': `${root}/presentations('pr')` }],
    };
    const update = { added: [added], updated: [], deletedIds: ['v'] };
    expect((await write('POST', `${path}/t/updateDefinitionValues`, update)).status).toBe(204);
    const nested = 'definition,presentationValues($expand=presentation)';
    const after = valuesOf(await client.graph(`${path}/t/definitionValues?$expand=${nested}`));
    expect(after).toMatchObject([
      { enabled: false, definition: { id: 'd' }, presentationValues: [{ value: 9, presentation }] },
    ]);
  });
});

describe('simulated scope tags and filters', () => {
  // Catches: scope tags with GUIDs, without the built-in one, or with a name twice.
  it('scope tags have numbers as ids and unique names', async () => {
    const path = `${manage}/roleScopeTags`;
    expect(valuesOf(await client.graph(path))).toMatchObject([{ id: '0', displayName: 'Default' }]);
    expect((await write('POST', path, { displayName: 'Berlin' })).json).toMatchObject({ id: '1' });
    expect((await write('POST', path, { displayName: 'Berlin' })).status).toBe(400);
    expect((await write('POST', path, { displayName: 'Default' })).status).toBe(400);
    const own = await client.graph(`${path}?$filter=isBuiltIn eq false`);
    expect(valuesOf(own)).toMatchObject([{ id: '1', displayName: 'Berlin' }]);
  });

  // Catches: a used filter deleted, and the wrong property for its scope tags.
  it('a filter in use refuses deletion', async () => {
    const path = `${manage}/assignmentFilters`;
    const created = await write('POST', path, { displayName: 'F', platform: 'iOS', rule: '()' });
    const id = String(created.json['id']);
    expect(created.json).toMatchObject({ roleScopeTags: ['0'] });
    const target = { ...groupTarget, deviceAndAppManagementAssignmentFilterId: id };
    await client.seed(`${manage}/configurationPolicies`, { id: 'u', assignments: [{ target }] });
    expect((await write('DELETE', `${path}/${id}`)).status).toBe(400);
    await write('DELETE', `${manage}/configurationPolicies/u`);
    expect((await write('DELETE', `${path}/${id}`)).status).toBe(200);
  });
});

describe('simulated writes', () => {
  const path = `${manage}/configurationPolicies`;

  // Catches: /assign adding to the set, inherited assignments lost, and a wrong key accepted.
  it('/assign replaces direct assignments and keeps inherited ones', async () => {
    const inherited = { target: { ...groupTarget, groupId: 'g9' }, source: 'policySets' };
    await client.seed(path, { id: 'a', assignments: [inherited, { target: groupTarget }] });
    const next = { target: { ...groupTarget, groupId: testGroups[1] } };
    expect((await write('POST', `${path}/a/assign`, { assignments: [next] })).status).toBe(200);
    const ids = valuesOf(await client.graph(`${path}/a/assignments`)).map(({ id }) => id);
    expect(ids).toEqual(['a_g9', `a_${testGroups[1]}`]);
    expect((await write('POST', `${path}/a/assign`, { wrong: [] })).status).toBe(400);
  });

  // Catches: a merging PUT, a PATCH with effect on settings, and assignments lost by either.
  it('a PUT replaces a settings catalog policy; a PATCH leaves its settings unchanged', async () => {
    const settings = [{ settingInstance: { settingDefinitionId: 'one' } }];
    const assignments = [{ target: groupTarget }];
    await client.seed(path, { id: 'b', name: 'B', description: 'old', settings, assignments });
    await write('PATCH', `${path}/b`, { name: 'B2', settings: [] });
    expect((await client.graph(`${path}/b`)).json).toMatchObject({ name: 'B2', settingCount: 1 });
    expect((await write('PUT', `${path}/b`, { name: 'B3', settings: [] })).status).toBe(204);
    const after = await client.graph(`${path}/b`);
    expect(after.json).toMatchObject({ name: 'B3', settingCount: 0, isAssigned: true });
    expect(after.json).not.toHaveProperty('description');
    const classic = `${manage}/deviceConfigurations`;
    await client.seed(classic, { id: 'k', displayName: 'K' });
    expect((await write('PUT', `${classic}/k`, { displayName: 'K' })).status).toBe(400);
  });

  // Catches: children created with their parent though the service ignores them.
  it('definition values in the POST of a template are ignored', async () => {
    const body = { displayName: 'T', definitionValues: [{ enabled: true }] };
    const created = await write('POST', `${manage}/groupPolicyConfigurations`, body);
    const values = `${manage}/groupPolicyConfigurations/${String(created.json['id'])}`;
    expect(valuesOf(await client.graph(`${values}/definitionValues`))).toEqual([]);
  });

  // Catches: shell scripts unknown at the path shared by all scripts.
  it('scripts of all kinds are assigned at the path of PowerShell scripts', async () => {
    await client.seed(`${manage}/deviceShellScripts`, { id: 'sh', displayName: 'Sh' });
    const body = { deviceManagementScriptAssignments: [{ target: groupTarget }] };
    const assigned = await write('POST', `${manage}/deviceManagementScripts/sh/assign`, body);
    expect(assigned.status).toBe(200);
    const stored = await client.graph(`${manage}/deviceShellScripts/sh/assignments`);
    expect(valuesOf(stored)).toHaveLength(1);
  });

  // Catches: names taken for identities: a repeated POST makes two objects.
  it('a repeated POST makes a second object of the same name', async () => {
    const body = { name: 'Twin', settings: [] };
    const [first, second] = [await write('POST', path, body), await write('POST', path, body)];
    expect(first.json['id']).not.toBe(second.json['id']);
  });
});

describe('other simulated collections', () => {
  // Catches: seeds lost in a collection without an entry, and unknown segments answered with 200.
  it('a collection without an entry is served as seeded; an unknown one is refused', async () => {
    await client.seed(`${manage}/newThings`, { id: 'n', displayName: 'N', assignments: [{}] });
    const list = valuesOf(await client.graph(`${manage}/newThings`));
    expect(list).toEqual([{ id: 'n', displayName: 'N' }]);
    expect(valuesOf(await client.graph(`${manage}/newThings/n/assignments`))).toHaveLength(1);
    const unknown = await client.graph(`${manage}/otherThings`);
    expect(unknown.status).toBe(400);
    expect(messageOf(unknown)).toBe("Resource not found for the segment 'otherThings'.");
  });

  // Catches: other types in typed views, and objects missing in the mixed list.
  it('app protection appears in the mixed list and in its typed view', async () => {
    const apps = '/deviceAppManagement';
    const created = await write('POST', `${apps}/iosManagedAppProtections`, { displayName: 'I' });
    await write('POST', `${apps}/androidManagedAppProtections`, { displayName: 'A' });
    expect(valuesOf(await client.graph(`${apps}/managedAppPolicies`))).toHaveLength(2);
    const typed = valuesOf(await client.graph(`${apps}/iosManagedAppProtections`));
    expect(typed.map(({ id }) => id)).toEqual([created.json['id']]);
  });

  // Catches: v1.0 with parts only beta has.
  it("v1.0 lacks beta's collections and properties", async () => {
    const path = `${manage}/deviceConfigurations`;
    await client.seed(path, {
      id: 'v',
      displayName: 'V',
      roleScopeTagIds: ['0'],
      assignments: [{ target: groupTarget }],
    });
    const old = await client.graph(`${client.url}/v1.0${path}/v?$expand=assignments`);
    expect(old.json).not.toHaveProperty('roleScopeTagIds');
    expect(old.text).not.toContain('FilterType');
    const catalog = `${client.url}/v1.0${manage}/configurationPolicies`;
    expect((await client.graph(catalog)).status).toBe(400);
  });
});

describe('the simulated directory', () => {
  // Catches: members inside groups, and a search without the header Entra requires.
  it('the directory finds groups, their members and objects by id', async () => {
    const headers = { ConsistencyLevel: 'eventual' };
    const found = await client.graph('/groups?$search="displayName:field"', { headers });
    expect(valuesOf(found).map(({ displayName }) => displayName)).toEqual(['Field engineers']);
    expect((await client.graph('/groups?$search="displayName:field"')).status).toBe(400);
    const id = String(valuesOf(found)[0]?.['id']);
    expect(valuesOf(found)[0]).not.toHaveProperty('members');
    const members = await client.graph(`/groups/${id}/members`);
    expect(valuesOf(members)).toMatchObject([{ displayName: 'Bob Smith' }]);
    const byIds = await write('POST', '/directoryObjects/getByIds', { ids: [id, 'nobody'] });
    expect(valuesOf(byIds)).toMatchObject([{ '@odata.type': '#microsoft.graph.group', id }]);
    const missing = await client.graph('/groups/nobody');
    expect(missing.json).toMatchObject({ error: { code: 'Request_ResourceNotFound' } });
    expect((await client.graph('/me')).status).toBe(400);
    expect((await client.graph('/groups/$count', { headers })).text).toBe('2');
  });

  // Catches: ignored metadata levels.
  it('an answer has the requested level of OData metadata', async () => {
    const path = `${manage}/deviceCategories`;
    await client.seed(path, {
      id: 'm',
      displayName: 'M',
      '@odata.type': '#microsoft.graph.deviceCategory',
    });
    const levelOf = async (level: string) => {
      const headers = { accept: `application/json;odata.metadata=${level}` };
      return (await client.graph(`${path}/m`, { headers })).json;
    };
    expect(await levelOf('none')).toEqual({ id: 'm', displayName: 'M' });
    expect(Object.keys(await levelOf('minimal'))).toEqual(['@odata.context', 'id', 'displayName']);
    expect(await levelOf('full')).toMatchObject({
      '@odata.type': '#microsoft.graph.deviceCategory',
    });
  });
});
