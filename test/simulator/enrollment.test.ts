import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TestClient } from './client.ts';
import { idsOf, startTestClient, testGroups, toGroup, valuesOf, write } from './client.ts';

const manage = '/deviceManagement';
const configurations = `${manage}/deviceEnrollmentConfigurations`;

let client: TestClient;

beforeAll(async () => {
  client = await startTestClient();
});

afterAll(() => client.simulator.close());

const statusPage = (displayName: string, more: Record<string, unknown> = {}) => ({
  '@odata.type': '#microsoft.graph.windows10EnrollmentCompletionPageConfiguration',
  displayName,
  ...more,
});

async function create(path: string, body: unknown): Promise<Record<string, unknown>> {
  const created = await write(client, 'POST', path, body);
  expect([200, 201]).toContain(created.status);
  return created.json;
}

describe('simulated enrolment configurations', () => {
  // Catches: plain GUIDs as ids, and new configurations without a priority or with a used one.
  it('enrolment configurations have their kind in the id and a unique priority', async () => {
    const first = await create(configurations, statusPage('First'));
    expect(first['id']).toMatch(/^[\da-f-]{36}_Windows10EnrollmentCompletionPageConfiguration$/);
    expect(first).toMatchObject({ priority: 1 });
    const second = await create(configurations, statusPage('Second'));
    expect(second).toMatchObject({ priority: 2 });
    const taken = await write(client, 'POST', configurations, statusPage('x', { priority: 2 }));
    expect(taken.status).toBe(400);
    const third = await create(configurations, statusPage('Third'));
    const moved = await write(
      client,
      'POST',
      `${configurations}/${String(third['id'])}/setPriority`,
      {
        priority: 1,
      },
    );
    expect(moved.status).toBe(200);
    const all = valuesOf(await client.graph(`${configurations}?$orderby=priority`));
    expect(all.map(({ displayName, priority }) => [displayName, priority])).toEqual([
      ['Third', 1],
      ['First', 2],
      ['Second', 3],
    ]);
    const address = `${configurations}/${String(first['id'])}`;
    expect((await write(client, 'PATCH', address, { priority: 9 })).status).toBe(400);
    expect((await write(client, 'PATCH', address, { priority: 2 })).status).toBe(400);
    expect((await write(client, 'PATCH', address, { displayName: 'F' })).status).toBe(200);
  });

  // Catches: a default created again, assigned, moved or deleted, and a default refusing any change.
  it('a default enrolment configuration accepts only changes of its properties', async () => {
    const id = 'd_DefaultWindows10EnrollmentCompletionPageConfiguration';
    await client.seed(configurations, { id, ...statusPage('Default', { priority: 0 }) });
    const assignments = { enrollmentConfigurationAssignments: [toGroup(testGroups[0])] };
    const address = `${configurations}/${id}`;
    const statuses = [
      await write(client, 'POST', configurations, statusPage('Default', { priority: 0 })),
      await write(client, 'POST', `${address}/assign`, assignments),
      await write(client, 'POST', `${address}/setPriority`, { priority: 1 }),
      await write(client, 'DELETE', address),
    ].map(({ status }) => status);
    expect(statuses).toEqual([400, 400, 400, 400]);
    const changed = await write(client, 'PATCH', address, { displayName: 'All users' });
    expect(changed.json).toMatchObject({ displayName: 'All users', priority: 0 });
  });
});

describe('simulated Autopilot profiles', () => {
  const path = `${manage}/windowsAutopilotDeploymentProfiles`;

  // Catches: a repeated assignment stored once, an /assign with a whole set, a deleted profile with assignments, and
  // null in a text property.
  it('an Autopilot profile is assigned one group at a time and not deleted while assigned', async () => {
    const kind = { '@odata.type': '#microsoft.graph.azureADWindowsAutopilotDeploymentProfile' };
    const bad = { ...kind, displayName: 'A', managementServiceAppId: null };
    expect((await write(client, 'POST', path, bad)).status).toBe(400);
    const body = { ...kind, displayName: 'A', managementServiceAppId: '' };
    const profile = await create(path, body);
    const address = `${path}/${String(profile['id'])}`;
    const set = { assignments: [toGroup(testGroups[0])] };
    expect((await write(client, 'POST', `${address}/assign`, set)).status).toBe(400);
    const one = await write(client, 'POST', `${address}/assignments`, toGroup(testGroups[0]));
    expect(one.status).toBe(201);
    await create(`${address}/assignments`, toGroup(testGroups[1]));
    const again = await write(client, 'POST', `${address}/assignments`, toGroup(testGroups[1]));
    expect(again.status).toBe(201);
    expect(new Set(idsOf(await client.graph(`${address}/assignments`))).size).toBe(3);
    expect((await write(client, 'DELETE', address)).status).toBe(400);
    for (const id of idsOf(await client.graph(`${address}/assignments`))) {
      expect((await write(client, 'DELETE', `${address}/assignments/${String(id)}`)).status).toBe(
        200,
      );
    }
    expect((await write(client, 'DELETE', address)).status).toBe(200);
  });
});

describe('simulated notification templates', () => {
  const path = `${manage}/notificationMessageTemplates`;

  // Catches: a template created in one step, a language twice, and two defaults or none.
  it('a notification template is created before its messages, the default message first', async () => {
    const base = { displayName: 'N', brandingOptions: 'none' };
    expect((await write(client, 'POST', path, { ...base, defaultLocale: 'en-us' })).status).toBe(
      400,
    );
    const template = await create(path, base);
    const messages = `${path}/${String(template['id'])}/localizedNotificationMessages`;
    const message = (locale: string, isDefault: boolean) => ({
      ...{ locale, isDefault, subject: 'S', messageTemplate: 'M' },
    });
    expect((await write(client, 'POST', messages, message('de-de', false))).status).toBe(400);
    const first = await create(messages, message('de-de', true));
    expect(first['id']).toBe(`${String(template['id'])}_de-de`);
    await create(messages, message('en-us', true));
    expect((await write(client, 'POST', messages, message('en-us', false))).status).toBe(400);
    const shown = await client.graph(`${path}?$expand=localizedNotificationMessages`);
    expect(valuesOf(shown)).toMatchObject([
      {
        defaultLocale: 'en-us',
        localizedNotificationMessages: [{ isDefault: false }, { isDefault: true }],
      },
    ]);
  });
});

describe('simulated branding profiles', () => {
  const path = `${manage}/intuneBrandingProfiles`;

  // Catches: images inside objects, images without a path, and a POST with all properties.
  it('a branding profile serves images at their own paths and is created in two steps', async () => {
    const logo = { type: 'image/png', value: 'aGk=' };
    await client.seed(path, { id: 'b', profileName: 'B', themeColorLogo: logo, landingPage: null });
    expect((await client.graph(`${path}/b`)).json).toMatchObject({ themeColorLogo: null });
    expect(valuesOf(await client.graph(path))).toMatchObject([{ themeColorLogo: null }]);
    expect((await client.graph(`${path}/b/themeColorLogo`)).json).toMatchObject(logo);
    expect((await client.graph(`${path}/b/landingPage`)).status).toBe(204);
    expect((await client.graph(`${path}/b/nothing`)).status).toBe(400);
    const whole = { profileName: 'C', showLogo: true };
    expect((await write(client, 'POST', path, whole)).status).toBe(400);
    const made = await create(path, { profileName: 'C', profileDescription: '' });
    const rest = await write(client, 'PATCH', `${path}/${String(made['id'])}`, whole);
    expect(rest.json).toMatchObject({ showLogo: true });
  });

  // Catches: the tenant's default profile renamed, assigned or deleted.
  it('the default branding profile accepts only changes of its look', async () => {
    await client.seed(path, { id: 'd', profileName: 'Default', isDefaultProfile: true });
    const change = (body: unknown) => write(client, 'PATCH', `${path}/d`, body);
    expect((await change({ profileName: 'Mine' })).status).toBe(400);
    expect((await change({ showLogo: false })).status).toBe(200);
    expect((await write(client, 'POST', `${path}/d/assign`, { assignments: [] })).status).toBe(400);
    expect((await write(client, 'DELETE', `${path}/d`)).status).toBe(400);
  });
});
