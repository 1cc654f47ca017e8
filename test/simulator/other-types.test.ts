import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TestClient } from './client.ts';
import { idsOf, startTestClient, valuesOf, write } from './client.ts';

const manage = '/deviceManagement';

let client: TestClient;

beforeAll(async () => {
  client = await startTestClient();
});

afterAll(() => client.simulator.close());

describe('simulated settings catalog compliance', () => {
  const path = `${manage}/compliancePolicies`;
  const rule = { ruleName: null, scheduledActionConfigurations: [{ actionType: 'block' }] };

  // Catches: actions accepted in a POST of the policy, and actions without a path, as in classic compliance.
  it('a compliance policy of the catalog gets its actions by setScheduledActions and serves them at a path', async () => {
    const body = { name: 'L', settings: [], scheduledActionsForRule: [rule] };
    const id = String((await write(client, 'POST', path, body)).json['id']);
    const actions = `${path}/${id}/scheduledActionsForRule`;
    expect(valuesOf(await client.graph(actions))).toEqual([]);
    const set = { scheduledActions: [rule] };
    expect((await write(client, 'POST', `${path}/${id}/setScheduledActions`, set)).status).toBe(
      200,
    );
    const plain = valuesOf(await client.graph(actions));
    expect(plain[0]).not.toHaveProperty('scheduledActionConfigurations');
    const expanded = await client.graph(`${actions}?$expand=scheduledActionConfigurations`);
    expect(valuesOf(expanded)).toMatchObject([rule]);
    expect((await client.graph(`${path}/${id}`)).json).toMatchObject({ isAssigned: false });
  });
});

describe('simulated intents', () => {
  // Catches: a POST to the collection, removable settings, and settings missing in the categories.
  it('an intent is created from a template, and updateSettings only changes settings', async () => {
    const setting = (name: string, value: unknown) => ({
      ...{ definitionId: name, valueJson: JSON.stringify(value) },
    });
    const made = await write(client, 'POST', `${manage}/templates/tpl/createInstance`, {
      displayName: 'I',
      settingsDelta: [setting('one', 1), setting('two', 2)],
    });
    expect(made.json).toMatchObject({ templateId: 'tpl' });
    const intent = `${manage}/intents/${String(made.json['id'])}`;
    const update = { settings: [setting('two', null)] };
    expect((await write(client, 'POST', `${intent}/updateSettings`, update)).status).toBe(204);
    const settings = valuesOf(await client.graph(`${intent}/settings`));
    expect(settings.map(({ valueJson }) => valueJson)).toEqual(['1', 'null']);
    const [category] = idsOf(await client.graph(`${intent}/categories`));
    const inCategory = await client.graph(`${intent}/categories/${String(category)}/settings`);
    expect(valuesOf(inCategory)).toEqual(settings);
    expect(idsOf(await client.graph(`${manage}/templates`))).toContain('tpl');
    const categories = await client.graph(`${manage}/templates/tpl/categories`);
    expect(idsOf(categories)).toEqual([category]);
  });
});

describe('other simulated types', () => {
  // Catches: an item-only property in lists, and one missing in spite of $select.
  it('the list of reusable settings omits settingInstance unless selected', async () => {
    const path = `${manage}/reusablePolicySettings`;
    await client.seed(path, { id: 'r', displayName: 'R', settingInstance: { a: 1 } });
    expect(valuesOf(await client.graph(path))[0]).not.toHaveProperty('settingInstance');
    expect((await client.graph(`${path}/r`)).json).toHaveProperty('settingInstance');
    const asked = await client.graph(`${path}?$select=id,settingInstance`);
    expect(valuesOf(asked)).toMatchObject([{ settingInstance: { a: 1 } }]);
    expect((await client.graph(`${path}?$expand=assignments`)).status).toBe(400);
  });

  // Catches: the content of an uploaded file returned, and a file without its remove action.
  it('an ADMX file never returns its content, and its remove action deletes it', async () => {
    const path = `${manage}/groupPolicyUploadedDefinitionFiles`;
    const made = await write(client, 'POST', path, { fileName: 'a.admx', content: 'PHg+' });
    expect(made.json).toMatchObject({ status: 'available', content: null });
    const address = `${path}/${String(made.json['id'])}`;
    expect((await client.graph(address)).json['content']).toBeNull();
    expect((await write(client, 'POST', `${address}/remove`)).status).toBe(204);
    expect((await client.graph(address)).status).toBe(404);
  });

  // Catches: a changed fixed property accepted, and a repeated one accepted, too.
  it.each([
    ['assignmentFilters', { displayName: 'F', platform: 'iOS' }, 'platform'],
    ['deviceCustomAttributeShellScripts', { displayName: 'C' }, 'displayName'],
    ['appleUserInitiatedEnrollmentProfiles', { displayName: 'A', platform: 'iOS' }, 'platform'],
  ])('a PATCH with a fixed property is refused (%s)', async (segment, body, fixed) => {
    const path = `${manage}/${segment}`;
    await client.seed(path, { id: 'x', ...body });
    const without = await write(client, 'PATCH', `${path}/x`, { description: 'd' });
    expect(without.status).toBe(200);
    const same = Object.entries(body).filter(([name]) => name === fixed);
    const repeated = await write(client, 'PATCH', `${path}/x`, Object.fromEntries(same));
    const changed = await write(client, 'PATCH', `${path}/x`, { [fixed]: 'other' });
    expect([repeated.status, changed.status]).toEqual([400, 400]);
  });

  // Catches: terms assigned as a set, and enrolment tokens with profiles without a path.
  it('terms are assigned one by one, and Apple profiles are served below their token', async () => {
    const terms = `${manage}/termsAndConditions`;
    await client.seed(terms, { id: 't', displayName: 'T' });
    expect((await write(client, 'POST', `${terms}/t/assign`, { assignments: [] })).status).toBe(
      400,
    );
    const target = { '@odata.type': '#microsoft.graph.allLicensedUsersAssignmentTarget' };
    expect((await write(client, 'POST', `${terms}/t/assignments`, { target })).status).toBe(201);
    const tokens = `${manage}/depOnboardingSettings`;
    await client.seed(tokens, { id: 'd', tokenName: 'D', enrollmentProfiles: [{ id: 'd_1' }] });
    expect((await client.graph(`${tokens}/d`)).json).not.toHaveProperty('enrollmentProfiles');
    expect(idsOf(await client.graph(`${tokens}/d/enrollmentProfiles`))).toEqual(['d_1']);
  });
});

describe('newer enum members in the simulator', () => {
  // Catches: newer values told to every caller, and one batch member's header used for the others.
  it('newer enum values go only to callers with the Prefer header, per batch member', async () => {
    const path = `${manage}/configurationPolicies`;
    await client.seed(path, { id: 'young', name: 'Y', platforms: 'visionOS', technologies: 'mdm' });
    const prefer = { prefer: 'include-unknown-enum-members' };
    const platformOf = ({ platforms, technologies }: Record<string, unknown>) => {
      expect(technologies).toBe('mdm');
      return platforms;
    };
    expect(platformOf((await client.graph(`${path}/young`)).json)).toBe('unknownFutureValue');
    const asked = await client.graph(`${path}/young`, { headers: prefer });
    expect(platformOf(asked.json)).toBe('visionOS');
    const [listed] = valuesOf(await client.graph(path, { headers: prefer }));
    expect(platformOf(listed ?? {})).toBe('visionOS');
    const requests = [{}, prefer].map((headers, at) => ({
      ...{ id: String(at), method: 'GET', url: `${path}/young`, headers },
    }));
    const batch = await write(client, 'POST', '/$batch', { requests });
    const responses = batch.json['responses'] as { id: string; body: Record<string, unknown> }[];
    const shown = responses.map(({ id, body }) => [id, platformOf(body)]);
    expect(Object.fromEntries(shown)).toEqual({ 0: 'unknownFutureValue', 1: 'visionOS' });
  });
});

describe('simulated classic profiles', () => {
  const path = `${manage}/deviceConfigurations`;

  // Catches: network keys told to readers, keys lost by writing back the null, and a harmless mask.
  it('a Wi-Fi key reads as null and survives a write of null; a masked product key is stored as value', async () => {
    const kind = { '@odata.type': '#microsoft.graph.windowsWifiConfiguration' };
    const wifi = { ...kind, displayName: 'W', preSharedKey: 'hush', productKey: 'AAAAA-BBBBB' };
    await client.seed(path, { id: 'w', ...wifi });
    const { json } = await client.graph(`${path}/w`);
    expect(json).toMatchObject({
      preSharedKey: null,
      productKey: expect.stringMatching(/^[#-]+$/),
    });
    const { preSharedKey, productKey } = json;
    const back = { ...kind, displayName: 'W2', preSharedKey };
    expect((await write(client, 'PATCH', `${path}/w`, back)).status).toBe(204);
    const objects = await client.control('GET', `tenants/${client.tenantId}/objects`);
    expect(objects.text).toContain('"preSharedKey":"hush"');
    expect(objects.text).toContain('AAAAA-BBBBB');
    await write(client, 'PATCH', `${path}/w`, { ...kind, productKey });
    const damaged = await client.control('GET', `tenants/${client.tenantId}/objects`);
    expect(damaged.text).not.toContain('AAAAA-BBBBB');
  });

  // Catches: links to missing objects, links written but not read, and privacy controls adding up.
  it('a profile links to its root certificate, and privacy controls replace each other', async () => {
    await client.seed(path, { id: 'root', displayName: 'Root' }, { id: 'scep', displayName: 'S' });
    const link = (id: string) => ({
      '@odata.id': `https://graph.microsoft.com/beta${path}('${id}')`,
    });
    const address = `${path}/scep/microsoft.graph.windows81SCEPCertificateProfile/rootCertificate`;
    expect((await write(client, 'PUT', `${address}/$ref`, link('nothing'))).status).toBe(400);
    expect((await write(client, 'PUT', `${address}/$ref`, link('root'))).status).toBe(204);
    expect((await client.graph(address)).json).toMatchObject({ id: 'root', displayName: 'Root' });
    const controls = (name: string) => ({
      windowsPrivacyAccessControls: [{ appDisplayName: name }],
    });
    for (const name of ['one', 'two']) {
      await write(client, 'POST', `${path}/scep/windowsPrivacyAccessControls`, controls(name));
    }
    const shown = await client.graph(`${path}/scep?$expand=privacyAccessControls`);
    expect(shown.json).toMatchObject({ privacyAccessControls: [{ appDisplayName: 'two' }] });
  });
});

describe("RetryAfter inside Intune's JSON", () => {
  // Catches: a delay only the header can carry.
  it("nestedRetryAfter puts the delay into Intune's JSON instead of the header", async () => {
    await client.control('PUT', 'faults', [
      { match: { path: '/deviceCategories$' }, times: 1, effect: { nestedRetryAfter: '7' } },
    ]);
    const answer = await client.graph(`${manage}/deviceCategories`);
    expect(answer.status).toBe(429);
    expect(answer.headers.get('retry-after')).toBeNull();
    expect(answer.text).toContain(String.raw`\"RetryAfter\":\"7\"`);
  });
});
