import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { compareTenants } from '#test/support/compare-tenants.ts';
import { damage } from '#test/support/damage-tenant.ts';
import { generateTenant } from '#test/support/generated-tenant.ts';
import { kindOf } from '#test/support/tenants/restorable.ts';
import { listTenant, nameOf, type TenantObject } from '#test/support/tenants/tenant-object.ts';
import type { TestClient } from './client.ts';
import { connect, startTestClient } from './client.ts';

const manage = '/deviceManagement';
const compliance = `${manage}/deviceCompliancePolicies`;
const enrollment = `${manage}/deviceEnrollmentConfigurations`;
const seedObjects = generateTenant({ policies: 600, seed: 7, dangling: false });
const guid = /[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-a[\da-f]{3}-[\da-f]{12}/g;

type Body = Record<string, unknown>;

let client: TestClient;
let whole: TenantObject[];

beforeAll(async () => {
  client = await startTestClient();
  await fill();
  whole = await listTenant(client.url, client.tenantId);
});

afterAll(() => client.simulator.close());

function fill(at = client) {
  return at.control('POST', `tenants/${at.tenantId}/objects`, seedObjects);
}

/** Returns the tenant with `text` replaced in the first object containing it. */
function withText(path: string, text: string, other: string): TenantObject[] {
  const at = whole.findIndex(
    (each) => each.path === path && JSON.stringify(each.body).includes(text),
  );
  const object = whole[at];
  if (object === undefined) throw new Error(`${text} is nowhere in ${path}`);
  const body = JSON.parse(JSON.stringify(object.body).replace(text, other)) as Body;
  return whole.with(at, { ...object, body });
}

/** Returns the first object of a collection with `holds` true. */
function first(path: string, holds: (body: Body) => boolean = () => true): TenantObject {
  const found = whole.find((each) => each.path === path && holds({ ...each.body }));
  if (found === undefined) throw new Error(`nothing fits in ${path}`);
  return found;
}

/** Returns the tenant with some objects replaced. */
function replaced(...others: readonly TenantObject[]): TenantObject[] {
  return whole.map(
    (each) => others.find(({ id, path }) => id === each.id && path === each.path) ?? each,
  );
}

describe('compareTenants, the oracle of restores', () => {
  // Catches: false differences by dates, versions, entry ids, or null for missing.
  it('compareTenants ignores dates and versions', () => {
    expect(compareTenants(whole, whole)).toBe('');
    const { body, ...object } = first(`${manage}/deviceConfigurations`);
    const more = { lastModifiedDateTime: '2030-01-01T00:00:00Z', version: 99, unheardOf: null };
    expect(compareTenants(whole, replaced({ ...object, body: { ...body, ...more } }))).toBe('');
  });

  // Catches: ids compared instead of the named objects, and objects of the same name mixed up.
  it('compareTenants ignores the ids of objects', () => {
    const groups = whole.filter(({ path }) => path === '/groups').map(({ id }) => id);
    const others = JSON.stringify(whole).replaceAll(guid, (id) =>
      groups.includes(id) || id === '00000000-0000-0000-0000-000000000000'
        ? id
        : `${id.slice(24)}-${id.slice(0, 23)}`,
    );
    const built = /definition|presentation/;
    expect(others).not.toBe(JSON.stringify(whole));
    const lines = compareTenants(whole, JSON.parse(others) as TenantObject[]).split('\n');
    // Template definitions and intent templates have the same ids in all tenants.
    expect(lines.filter((line) => !built.test(line) && !line.includes('templateId'))).toEqual([]);
  });

  // Catches: a restore's possible faults unseen by the oracle.
  it('compareTenants finds a single different property at any depth', () => {
    expect(compareTenants(whole, withText(compliance, '10.0.22', '10.0.99'))).toMatch(
      /^deviceCompliancePolicies “.+”: osMinimumVersion: "10\.0\.22\d+" became "10\.0\.99\d+"$/,
    );
    const path = `${manage}/configurationPolicies`;
    expect(compareTenants(whole, withText(path, '_mode_1', '_mode_2'))).toMatch(/: settings: /);
    const messages = withText(`${manage}/notificationMessageTemplates`, 'Open the', 'Shut the');
    expect(compareTenants(whole, messages)).toMatch(/localizedNotificationMessages/);
  });

  // Catches: a reference compared only as text, and a scope tag among several.
  it('compareTenants finds a reference to another object', () => {
    const ids = (segment: string): string[] =>
      whole.filter(({ path }) => path === `${manage}/${segment}`).map(({ id }) => id);
    for (const [path, segment] of [
      [compliance, 'notificationMessageTemplates'],
      [`${manage}/configurationPolicies`, 'assignmentFilters'],
      [`${manage}/configurationPolicies`, 'reusablePolicySettings'],
    ] as const) {
      const named = ids(segment).find((id) =>
        whole.some((each) => each.path === path && JSON.stringify(each.body).includes(id)),
      );
      const nameOfId = (id: string): string =>
        nameOf(first(`${manage}/${segment}`, (body) => body['id'] === id));
      const other = ids(segment).find((id) => nameOfId(id) !== nameOfId(named ?? ''));
      const swapped = withText(path, `"${named}"`, `"${other}"`);
      expect(compareTenants(whole, swapped)).toContain(nameOfId(other ?? ''));
    }
    const tagged = withText(`${manage}/deviceManagementScripts`, '"0","1"', '"0","2"');
    expect(compareTenants(whole, tagged)).toMatch(/roleScopeTagIds: .*Site 0001.* became .*0002/);
  });

  // Catches: an assignment lost, added, inverted, or without its filter.
  it('compareTenants finds a different assignment', () => {
    const path = `${manage}/deviceConfigurations`;
    const object = first(path, ({ assignments }) => JSON.stringify(assignments).includes('excl'));
    const assignments = object.body['assignments'] as Body[];
    const direct = assignments.filter(({ source }) => source !== 'policySets');
    const compared = (changed: unknown): string =>
      compareTenants(
        whole,
        replaced({ ...object, body: { ...object.body, assignments: changed } }),
      );
    expect(compared(assignments.toReversed())).toBe('');
    expect(compared(direct)).toBe('');
    expect(compared(direct.slice(1))).toMatch(/: assignment lost: /);
    expect(compared([...assignments, direct[0]])).toMatch(/: assignment not expected: /);
    const included = JSON.stringify(assignments).replace('exclusionGroup', 'group');
    expect(compared(JSON.parse(included))).toMatch(/lost: .*exclusionGroup.*\n.*not expected/);
  });

  // Catches: an object lost or created twice, and a changed order.
  it('compareTenants finds missing and surplus objects, and a changed order', () => {
    const object = first(`${manage}/deviceShellScripts`);
    const without = whole.filter((each) => each !== object);
    expect(compareTenants(whole, without)).toMatch(/^deviceShellScripts “.+”: missing$/);
    const twice = [...whole, { ...object, id: 'another' }];
    expect(compareTenants(whole, twice)).toMatch(/: not expected \(another\)$/);
    expect(compareTenants(whole, twice, { foreign: ['another'] })).toBe('');
    const kind = (body: Body) => String(body['@odata.type']).includes('NotificationConf');
    const low = first(enrollment, kind);
    const high = first(enrollment, (body) => kind(body) && body['id'] !== low.id);
    const at = (each: TenantObject, priority: unknown) => ({
      ...each,
      body: { ...each.body, priority },
    });
    const [one, two] = [low.body['priority'], high.body['priority']];
    expect(compareTenants(whole, replaced(at(low, two), at(high, one)))).toMatch(/^order: /);
    expect(compareTenants(whole, replaced(at(high, Number(two) + 5)))).toBe('');
  });

  // Catches: an ignored group mapping, and assignments expected for unmapped groups.
  it('compareTenants maps the groups in assignments', () => {
    const groups = whole.filter(({ path }) => path === '/groups').map(({ id }) => id);
    const assigned = first(`${manage}/deviceConfigurations`, ({ assignments }) =>
      JSON.stringify(assignments).includes('"#microsoft.graph.groupAssignmentTarget'),
    );
    const gone = groups.find((id) => JSON.stringify(assigned.body['assignments']).includes(id));
    const kept = groups.filter((id) => id !== gone);
    const mapping = new Map(kept.map((id) => [id, `${id.slice(0, -4)}0000`]));
    const mapped = JSON.parse(
      JSON.stringify(whole).replaceAll(guid, (id) => mapping.get(id) ?? id),
    ) as TenantObject[];
    const target = mapped.map((each) => {
      const assignments = (each.body['assignments'] as { target: Body }[] | undefined)?.filter(
        (assignment) => assignment.target['groupId'] !== gone,
      );
      return assignments === undefined ? each : { ...each, body: { ...each.body, assignments } };
    });
    const lines = compareTenants(whole, target, { groups: mapping }).split('\n');
    // Role members and Conditional Access users are no assignments, so the deleted group stays there.
    expect(lines.filter((line) => line.includes('assignment'))).toEqual([]);
    expect(compareTenants(whole, mapped, { groups: mapping })).toMatch(/assignment not expected/);
  });
});

describe('damage, the harm done to a tenant before a restore', () => {
  // Catches: invisible damage, the same damage for each seed, and damage mixed up with existing objects.
  it('compareTenants sees each damaged object, and seeding again repairs it', async () => {
    const done = await damage(client.simulator, client.tenantId, { seed: 3, share: 0.7 });
    const damaged = await listTenant(client.url, client.tenantId);
    const text = compareTenants(whole, damaged, { foreign: done.foreign });
    const harmed = done.mutations.map(({ id, path }) => [path, id].join(' '));
    const unseen = done.mutations.filter((mutation) => {
      const object = whole.find(({ id, path }) => id === mutation.id && path === mutation.path);
      return object === undefined || !text.includes(nameOf(object));
    });
    expect(unseen.map(({ what, path }) => `${path} ${what}`)).toEqual([]);
    expect(compareTenants(whole, damaged)).toMatch(/Foreign filter.*not expected/);
    expect(harmed.length).toBeGreaterThan(100);
    expect(new Set(done.mutations.map(({ what }) => what.split(' ')[0]))).toEqual(
      new Set(['deleted', 'changed', 'took', 'unassigned', 'assigned', 'moved']),
    );
    await fill();
    const mended = await listTenant(client.url, client.tenantId);
    expect(compareTenants(whole, mended, { foreign: done.foreign })).toBe('');
  });

  // Catches: a kind of object without damage, or with only one kind of damage.
  it('damage affects every kind of object and is the same for the same seed', async () => {
    const paths = new Set<string>();
    const done: unknown[] = [];
    for (const seed of [1, 2, 1]) {
      const other = await connect(client.simulator, randomUUID());
      await fill(other);
      const { mutations } = await damage(client.simulator, other.tenantId, { seed, share: 0.6 });
      for (const { path } of mutations) paths.add(path);
      done.push(mutations);
    }
    expect(done[2]).toEqual(done[0]);
    expect(done[1]).not.toEqual(done[0]);
    const kinds = new Set(whole.flatMap((object) => kindOf(object)?.path ?? []));
    expect([...kinds].filter((path) => !paths.has(path))).toEqual([]);
  });
});
