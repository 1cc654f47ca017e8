import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TestClient } from './client.ts';
import { idsOf, messageOf, startTestClient, testGroups, valuesOf, write } from './client.ts';

const manage = '/deviceManagement';
const graph = '#microsoft.graph';
const access = '/identity/conditionalAccess';

let client: TestClient;

beforeAll(async () => {
  client = await startTestClient();
  await client.control('PUT', 'throttle', { conditionalAccess: 1_000 });
});

afterAll(() => client.simulator.close());

/** Returns all stored objects of the tenant as text. */
async function stored(): Promise<string> {
  return (await client.control('GET', `tenants/${client.tenantId}/objects`)).text;
}

describe('writes of simulated profiles', () => {
  const path = `${manage}/deviceConfigurations`;
  const kind = { '@odata.type': `${graph}.windows10CustomConfiguration` };

  // Catches: a profile without a type, and a PATCH changing the type or setting its properties without naming it.
  it("writes of a profile's own properties must name its type", async () => {
    expect(messageOf(await write(client, 'POST', path, { displayName: 'P' }))).toContain(
      'abstract class',
    );
    const made = await write(client, 'POST', path, { ...kind, displayName: 'P' });
    const address = `${path}/${String(made.json['id'])}`;
    const patch = async (body: unknown) => (await write(client, 'PATCH', address, body)).status;
    expect(await patch({ displayName: 'Q' })).toBe(204);
    expect(await patch({ omaSettings: [] })).toBe(400);
    expect(await patch({ ...kind, omaSettings: [] })).toBe(204);
    expect(await patch({ '@odata.type': `${graph}.iosCustomConfiguration` })).toBe(400);
  });

  // Catches: a written mask that does no harm, since it would hide a client that writes masks.
  it('a written mask **** replaces the secret', async () => {
    const setting = { '@odata.type': `${graph}.omaSettingString`, omaUri: './x', value: 'plain-1' };
    const made = await write(client, 'POST', path, { ...kind, omaSettings: [setting] });
    expect(await stored()).toContain('plain-1');
    const address = `${path}/${String(made.json['id'])}`;
    const masked = { ...setting, value: '****' };
    await write(client, 'PATCH', address, { ...kind, omaSettings: [masked] });
    expect(await stored()).not.toContain('plain-1');
  });

  // Catches: links written by the wrong method or twice, and links that cannot be removed.
  it("a profile's certificate links are added and removed one by one", async () => {
    await client.seed(path, { id: 'wifi', ...kind }, { id: 'root1', ...kind }, { id: 'root2' });
    const links = `${path}/wifi/rootCertificatesForServerValidation`;
    const link = (id: string) => ({ '@odata.id': `${client.url}/beta${path}/${id}` });
    const statuses: number[] = [];
    for (const [method, address, body] of [
      ['PUT', `${links}/$ref`, link('root1')],
      ['POST', `${links}/$ref`, link('root1')],
      ['POST', `${links}/$ref`, link('root1')],
      ['POST', `${links}/$ref`, link('root2')],
      ['DELETE', `${links}/$ref`, undefined],
      ['DELETE', `${links}/root1/$ref`, undefined],
      ['DELETE', `${links}/root1/$ref`, undefined],
    ] as const) {
      statuses.push((await write(client, method, address, body)).status);
    }
    expect(statuses).toEqual([400, 204, 400, 204, 400, 204, 404]);
    expect(idsOf(await client.graph(links))).toEqual(['root2']);
    const single = `${path}/wifi/rootCertificate/$ref`;
    expect((await write(client, 'POST', single, link('root1'))).status).toBe(400);
    expect((await write(client, 'PUT', single, link('root1'))).status).toBe(204);
    expect((await write(client, 'DELETE', single)).status).toBe(204);
    expect((await client.graph(`${path}/wifi/rootCertificate`)).status).toBe(404);
  });
});

describe('PUT of a settings catalog compliance policy', () => {
  // Catches: actions lost by a PUT of the settings.
  it("a PUT keeps a compliance policy's actions", async () => {
    const path = `${manage}/compliancePolicies`;
    const rule = { scheduledActionConfigurations: [{ actionType: 'block' }] };
    await client.seed(path, { id: 'v2', name: 'V', settings: [], scheduledActionsForRule: [rule] });
    const body = { name: 'V2', settings: [{ settingInstance: { settingDefinitionId: 'a' } }] };
    expect((await write(client, 'PUT', `${path}/v2`, body)).status).toBe(204);
    expect(valuesOf(await client.graph(`${path}/v2/scheduledActionsForRule`))).toHaveLength(1);
    expect((await client.graph(`${path}/v2`)).json).toMatchObject({ settingCount: 1 });
  });
});

describe('writes of authentication strengths', () => {
  // Catches: combinations changed by a PATCH, and built-in strengths changed by the action.
  it('authentication strengths change combinations only by updateAllowedCombinations', async () => {
    const path = `${access}/authenticationStrength/policies`;
    const body = { displayName: 'Strong', allowedCombinations: ['fido2'] };
    const made = await write(client, 'POST', path, body);
    const address = `${path}/${String(made.json['id'])}`;
    const combinations = { allowedCombinations: ['fido2', 'x509CertificateMultiFactor'] };
    expect((await write(client, 'PATCH', address, combinations)).status).toBe(400);
    const update = await write(
      client,
      'POST',
      `${address}/updateAllowedCombinations`,
      combinations,
    );
    expect(update.status).toBe(200);
    expect((await client.graph(address)).json).toMatchObject(combinations);
    const builtIn = `${path}/00000000-0000-0000-0000-000000000004/updateAllowedCombinations`;
    expect((await write(client, 'POST', builtIn, combinations)).status).toBe(400);
  });
});

describe('unique names in the simulator', () => {
  // Catches: a name taken from another object by a PATCH.
  it("a scope tag cannot be renamed to another's name", async () => {
    const path = `${manage}/roleScopeTags`;
    await write(client, 'POST', path, { displayName: 'One' });
    const two = await write(client, 'POST', path, { displayName: 'Two' });
    const address = `${path}/${String(two.json['id'])}`;
    const rename = (displayName: string) => write(client, 'PATCH', address, { displayName });
    expect((await rename('One')).status).toBe(400);
    expect((await rename('Two')).status).toBe(200);
  });
});

describe('writes of administrative templates', () => {
  const path = `${manage}/groupPolicyConfigurations`;

  // Catches: links to missing definitions, and relative links not understood.
  it('a definition value must link to an existing definition and presentation', async () => {
    const presentation = { id: 'field', label: 'Field' };
    const presentationValues = [{ value: 1, presentation }];
    const definitionValues = [{ enabled: true, definition: { id: 'known' }, presentationValues }];
    await client.seed(path, { id: 'source', definitionValues }, { id: 'new' });
    const add = async (definition: string, field: string) => {
      const root = `${manage}/groupPolicyDefinitions('${definition}')`;
      const bound = { value: 2, 'presentation@odata.bind': `${root}/presentations('${field}')` };
      const value = {
        enabled: true,
        'definition@odata.bind': root,
        presentationValues: [bound],
      };
      const update = { added: [value], updated: [], deletedIds: [] };
      return (await write(client, 'POST', `${path}/new/updateDefinitionValues`, update)).status;
    };
    expect([await add('unknown', 'field'), await add('known', 'unknown')]).toEqual([400, 400]);
    expect([await add('known', 'field'), await add('known', 'field')]).toEqual([204, 204]);
    // A repeated addition is stored twice.
    expect(valuesOf(await client.graph(`${path}/new/definitionValues`))).toHaveLength(2);
  });
});

describe('writes of notification templates', () => {
  // Catches: a PATCH changing the language of a message or of the template.
  it('a notification template and its messages keep their languages', async () => {
    const path = `${manage}/notificationMessageTemplates`;
    const made = await write(client, 'POST', path, { displayName: 'N', brandingOptions: 'none' });
    const address = `${path}/${String(made.json['id'])}`;
    const messages = `${address}/localizedNotificationMessages`;
    const message = { locale: 'de-de', isDefault: true, subject: 'S', messageTemplate: 'M' };
    const { id } = (await write(client, 'POST', messages, message)).json;
    const one = `${messages}/${String(id)}`;
    expect((await write(client, 'PATCH', one, { locale: 'fr-fr' })).status).toBe(400);
    expect((await write(client, 'PATCH', one, { subject: 'T' })).json).toMatchObject({
      subject: 'T',
    });
    expect((await write(client, 'PATCH', address, { defaultLocale: 'fr-fr' })).status).toBe(400);
  });
});

describe('writes of role assignments', () => {
  // Catches: scope tags of an assignment that cannot be changed or removed.
  it('a role assignment changes its members and drops its scope tags', async () => {
    await client.seed(`${manage}/roleScopeTags`, { id: '31', displayName: 'Tagged' });
    await client.seed(`${manage}/roleDefinitions`, { id: 'r', displayName: 'R' });
    const made = await write(client, 'POST', `${manage}/roleAssignments`, {
      displayName: 'A',
      members: [testGroups[0]],
      'roleDefinition@odata.bind': `${client.url}/beta${manage}/roleDefinitions/r`,
      'roleScopeTags@odata.bind': [`${client.url}/beta${manage}/roleScopeTags/31`],
    });
    const address = `${manage}/roleAssignments/${String(made.json['id'])}`;
    const tags = async () => idsOf(await client.graph(`${address}/roleScopeTags`));
    expect(await tags()).toEqual(['31']);
    const body = { members: [testGroups[1]], 'roleScopeTags@odata.bind': [] };
    expect((await write(client, 'PATCH', address, body)).status).toBe(200);
    expect(await tags()).toEqual([]);
    expect((await client.graph(address)).json).toMatchObject({ members: [testGroups[1]] });
  });
});

describe('new objects in the simulator', () => {
  // Catches: new objects without the properties computed by the service.
  it.each([
    ['groupPolicyConfigurations', { policyConfigurationIngestionType: 'unknown' }],
    [
      'deviceHealthScripts',
      { isGlobalScript: false, deviceHealthScriptType: 'deviceHealthScript' },
    ],
    ['deviceComplianceScripts', { version: '1' }],
    ['roleScopeTags', { isBuiltIn: false }],
  ])('a new object has the properties computed by the service (%s)', async (segment, computed) => {
    const made = await write(client, 'POST', `${manage}/${segment}`, { displayName: 'Computed' });
    expect(made.json).toMatchObject(computed);
  });

  // Catches: a profile without a priority, or with one of another platform.
  it('a new Apple profile gets the last priority of its platform', async () => {
    const path = `${manage}/appleUserInitiatedEnrollmentProfiles`;
    await client.seed(path, { id: 'first', platform: 'iOS', priority: 1 });
    const places: unknown[] = [];
    for (const platform of ['iOS', 'macOS', 'iOS']) {
      const made = await write(client, 'POST', path, { displayName: 'A', platform });
      places.push(made.json['priority']);
    }
    expect(places).toEqual([2, 1, 3]);
    const move = await write(client, 'POST', `${path}/first/setPriority`, { priority: 3 });
    expect(move.status).toBe(200);
    expect((await client.graph(`${path}/first`)).json).toMatchObject({ priority: 3 });
  });

  // Catches: a deleted scope tag's number reused, since a policy would get another tag.
  it("a new scope tag never gets a deleted one's number", async () => {
    const path = `${manage}/roleScopeTags`;
    const one = await write(client, 'POST', path, { displayName: 'Short-lived' });
    await write(client, 'DELETE', `${path}/${String(one.json['id'])}`);
    const next = await write(client, 'POST', path, { displayName: 'Next' });
    expect(Number(next.json['id'])).toBe(Number(one.json['id']) + 1);
  });
});

describe('writes of Windows Information Protection policies', () => {
  // Catches: files accepted in the POST of a policy, and files not writable one by one.
  it('AppLocker files are created, changed and deleted one by one', async () => {
    const path = '/deviceAppManagement/windowsInformationProtectionPolicies';
    const file = { displayName: 'Allowed', fileHash: 'AA==', file: 'PHg+' };
    const made = await write(client, 'POST', path, { protectedAppLockerFiles: [file] });
    const files = `${path}/${String(made.json['id'])}/protectedAppLockerFiles`;
    expect(valuesOf(await client.graph(files))).toEqual([]);
    const added = await write(client, 'POST', files, file);
    expect(added.status).toBe(201);
    const one = `${files}/${String(added.json['id'])}`;
    expect((await write(client, 'PATCH', one, { fileHash: 'AQ==' })).status).toBe(200);
    expect((await write(client, 'DELETE', one)).status).toBe(200);
  });
});

describe('the apps of a protection policy', () => {
  // Catches: a new id for the same app each time, since no client could recognize it.
  it("an app's id in a protection policy follows from its package and platform", async () => {
    const path = '/deviceAppManagement/androidManagedAppProtections';
    const made = await write(client, 'POST', path, { displayName: 'P' });
    const address = `${path}/${String(made.json['id'])}`;
    const identifier = (packageId: string) => ({ mobileAppIdentifier: { packageId } });
    for (const names of [['com.a', 'com.b'], ['com.b']]) {
      const body = { apps: names.map(identifier), appGroupType: 'selectedPublicApps' };
      await write(client, 'POST', `${address}/targetApps`, body);
    }
    expect(idsOf(await client.graph(`${address}/apps`))).toEqual(['com.b.android']);
  });
});

describe('writes of authentication contexts', () => {
  // Catches: an id that no client chose, and a PATCH of a free id that creates nothing.
  it('a PATCH of a free id creates an authentication context', async () => {
    const path = `${access}/authenticationContextClassReferences`;
    const body = { displayName: 'Sensitive', description: '', isAvailable: true };
    expect((await write(client, 'PATCH', `${path}/c7`, body)).status).toBeLessThan(300);
    expect((await client.graph(`${path}/c7`)).json).toMatchObject({ id: 'c7', ...body });
    expect((await write(client, 'PATCH', `${path}/c77`, body)).status).toBe(404);
  });
});
