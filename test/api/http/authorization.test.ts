import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Route } from '#api/http/route.ts';
import { routes } from '#api/routes.ts';
import { inTenant } from '#db/database.ts';
import { findScheduleById } from '#db/schedule/schedules.ts';
import { roles } from '#domain/identity/role.ts';
import { type ApiUnderTest, startApi } from '#test/api/support/api-under-test.ts';
import {
  expectedAccess,
  goodBody,
  goodQuery,
  goodUpload,
  passingMember,
} from '#test/api/support/operations.ts';
import { addEndedRestores } from '#test/api/support/planned-runs.ts';
import {
  addDriftSchedule,
  addExport,
  addRoleHolders,
  addSchedule,
  buildTenant,
  mintPersonas,
  type Persona,
  tenantA,
  tenantB,
  tenantNobody,
  type TenantWorld,
} from '#test/api/support/world.ts';

const tenantKinds = {
  own: tenantA,
  foreign: tenantB,
  unknown: tenantNobody,
  malformed: 'no-tenant',
};
type TenantKind = keyof typeof tenantKinds;
const idKinds = ['own', 'foreign', 'unknown', 'malformed'] as const;
type IdKind = (typeof idKinds)[number];
const personas: readonly Persona[] = ['none', ...roles, 'admin'];

interface Case {
  readonly route: Route;
  readonly persona: Persona;
  readonly tenant: TenantKind;
  readonly id: IdKind;
}

let api: ApiUnderTest;
let tokens: Record<Persona, string>;
let a: TenantWorld;
let b: TenantWorld;
let exportsOf: Record<string, string>;
/** The run in the path of operations that accept only some runs. */
let runsOf: Readonly<Record<string, string>>;

beforeAll(async () => {
  api = await startApi();
  [a, b] = [await buildTenant(api, tenantA), await buildTenant(api, tenantB)];
  exportsOf = { [tenantA]: await addExport(api, a), [tenantB]: await addExport(api, b) };
  const { previewRunId, restoreRunId } = await addEndedRestores(api, a);
  runsOf = { getRunPreview: previewRunId, undoRestore: restoreRunId, rerunRun: previewRunId };
  await addRoleHolders(api, tenantA);
  tokens = await mintPersonas(api);
});
afterAll(() => api.stop());

const object = (route: Route) =>
  /\{(policyId|runId|snapshotId|backupSetId|scheduleId|driftScheduleId|exportId|principalId|notificationId)\}/.exec(
    route.path,
  )?.[1];
const hasTenant = (route: Route) => route.path.includes('{tenantId}');

function allCases(persona: Persona): Case[] {
  return routes.flatMap((route) => {
    const tenants = hasTenant(route)
      ? (Object.keys(tenantKinds) as TenantKind[])
      : (['own'] as const);
    const ids = object(route) === undefined ? (['own'] as const) : idKinds;
    return tenants.flatMap((tenant) => ids.map((id) => ({ route, persona, tenant, id })));
  });
}

function idOf(operationId: string, parameter: string, kind: IdKind): string {
  if (kind === 'malformed') return 'not-an-id';
  const random = randomUUID();
  if (kind === 'unknown') return parameter === 'principalId' ? `${random}:${random}` : random;
  const world = kind === 'own' ? a : b;
  const ids: Record<string, string> = {
    policyId: world.policyId,
    runId: (kind === 'own' ? runsOf[operationId] : undefined) ?? world.runId,
    snapshotId: world.snapshotId,
    backupSetId: world.backupSetId,
    scheduleId: world.scheduleId,
    driftScheduleId: world.driftScheduleId,
    exportId: exportsOf[world.tenantId] ?? '',
    principalId: kind === 'own' ? passingMember : world.memberId,
    notificationId: random,
  };
  return ids[parameter] ?? '';
}

function pathOf({ route, tenant, id }: Case): string {
  const parameter = object(route);
  const path = route.path.replace('{tenantId}', tenantKinds[tenant]);
  return parameter === undefined
    ? path
    : path.replace(`{${parameter}}`, idOf(route.operationId, parameter, id));
}

/** The status by the contract's order of checks. It derives from operations.ts, not from the route table. */
function oracle({ route, persona, tenant, id }: Case): number {
  const access = expectedAccess[route.operationId];
  const good = route.answer.status;
  if (access === undefined) throw new Error(`no expectation for ${route.operationId}`);
  if (access === 'public') return good;
  // No persona has a notification with these ids.
  if (access === 'authenticated') return object(route) === undefined ? good : 404;
  if (access === 'platform_admin') return persona === 'admin' ? good : 403;
  if (tenant !== 'own' || persona === 'none' || persona === 'admin') return 403;
  if (roles.indexOf(persona) < roles.indexOf(access)) return 403;
  if (id === 'own') return good;
  if (object(route) === 'principalId') {
    // A principal may be a member of several tenants, so no id is foreign; a PUT adds an unknown one.
    if (route.method === 'put') return id === 'malformed' ? 400 : good;
    return 404;
  }
  return id === 'foreign' ? 403 : 404;
}

/** Restores the state before each case: some cases add a member or a restore, or delete one or the schedule. */
async function prepare(): Promise<void> {
  await inTenant(api.database.app.db, tenantA, async (trx) => {
    const known = await findScheduleById(trx, a.scheduleId);
    if (known === undefined) await addSchedule(trx, a.scheduleId);
    const { driftScheduleId: id, backupSetId } = a;
    const knownDrift = await findScheduleById(trx, id);
    if (knownDrift === undefined) await addDriftSchedule(trx, { id, backupSetId });
  });
  const { db } = api.database.owner;
  await db
    .updateTable('runs')
    .set({ status: 'canceled', finished_at: new Date() })
    .where('operation_type', 'in', ['restore.execute', 'restore.undo'])
    .where('status', '=', 'queued')
    .execute();
  await db
    .deleteFrom('members')
    .where('tenant_id', '=', tenantA)
    .where('principal_id', '=', b.memberId)
    .execute();
  const row = {
    tenant_id: tenantA,
    principal_id: passingMember,
    row_id: randomUUID(),
    kind: 'user',
    display_name: null,
    role: 'reader',
  } as const;
  await db
    .insertInto('members')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

function call(one: Case, token: string | undefined) {
  const body = goodBody(one.route.operationId, a);
  return api.request(`${pathOf(one)}${goodQuery(one.route.operationId, a)}`, {
    method: one.route.method.toUpperCase(),
    ...(token === undefined ? {} : { token }),
    ...(body === undefined ? {} : { body }),
    ...goodUpload(one.route.operationId),
  });
}

const describeCase = ({ route, tenant, id }: Case) => `${route.operationId} ${tenant} ${id}`;

describe('every route', () => {
  // Catches: a new route without a comparison of its access with the contract.
  it('every route has the access of the contract', () => {
    const actual = Object.fromEntries(routes.map((route) => [route.operationId, route.access]));
    expect(actual).toEqual(expectedAccess);
  });

  // Catches: a route without its role check, a tenant from another place than the path, an id looked up in all tenants.
  it.each(personas)(
    'every route answers %s by the contract, for each kind of tenant and id',
    async (persona) => {
      const wrong: string[] = [];
      for (const one of allCases(persona)) {
        await prepare();
        const answer = await call(one, tokens[persona]);
        if (answer.status !== oracle(one)) {
          wrong.push(`${describeCase(one)}: ${answer.status} instead of ${oracle(one)}`);
        }
        // The answer must not reveal the tenant's facts to a stranger.
        const foreignIds = [b.policyId, b.runId, b.snapshotId, b.backupSetId, b.memberId].filter(
          // The tenant's own audit trail names this principal as a member.
          (foreign) => one.route.operationId !== 'listAuditEvents' || foreign !== b.memberId,
        );
        if (
          answer.status < 400 &&
          one.id === 'own' &&
          foreignIds.some((id) => answer.text.includes(id))
        ) {
          wrong.push(`${describeCase(one)}: shows what another tenant has`);
        }
      }
      expect(wrong).toEqual([]);
    },
  );

  // Catches: a route mounted outside of the sign-in, and a check before it.
  it('every route answers 401 to no token and to a bad one, for every path', async () => {
    const bad = await api.mint.sign(api.mint.claims(), { key: 'unknown' });
    const wrong: string[] = [];
    for (const one of allCases('owner')) {
      const wanted =
        expectedAccess[one.route.operationId] === 'public' ? one.route.answer.status : 401;
      for (const token of [undefined, bad]) {
        const answer = await call(one, token);
        if (answer.status !== wanted) wrong.push(`${describeCase(one)}: ${answer.status}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});

describe('a tenant', () => {
  // Catches: an answer that tells a stranger about the registration of a tenant.
  it('foreign, unknown and malformed tenant ids get the same refusal', async () => {
    for (const route of routes.filter(hasTenant)) {
      const bodies = new Set<string>();
      for (const tenant of ['foreign', 'unknown', 'malformed'] as const) {
        const answer = await call({ route, persona: 'owner', tenant, id: 'unknown' }, tokens.owner);
        bodies.add(`${answer.status} ${answer.text.replace(/"requestId":"[^"]+"/, '')}`);
      }
      expect([route.operationId, bodies.size]).toEqual([route.operationId, 1]);
    }
  });

  // Catches: case-sensitive ids and tenants.
  it('tenant and object ids are accepted in upper case', async () => {
    const path = `/api/v1/tenants/${tenantA.toUpperCase()}/runs/${a.runId.toUpperCase()}`;
    expect((await api.request(path, { token: tokens.reader })).json).toMatchObject({
      id: a.runId,
      tenantId: tenantA,
    });
  });
});

describe('a body', () => {
  // Catches: a body parsed or read before authorization.
  it('a malformed body is reported after 401, 403 and 404', async () => {
    const send = (path: string, token?: string) =>
      api.request(path, { method: 'POST', raw: '{', ...(token === undefined ? {} : { token }) });
    const captures = (tenant: string, policy: string) =>
      `/api/v1/tenants/${tenant}/policies/${policy}/captures`;
    expect((await send(captures(tenantA, a.policyId))).status).toBe(401);
    expect((await send(captures(tenantB, a.policyId), tokens.owner)).status).toBe(403);
    expect((await send(captures(tenantA, a.policyId), tokens.reader)).status).toBe(403);
    expect((await send(captures(tenantA, b.policyId), tokens.owner)).status).toBe(403);
    expect((await send(captures(tenantA, randomUUID()), tokens.owner)).status).toBe(404);
    expect((await send(captures(tenantA, a.policyId), tokens.owner)).status).toBe(400);
    expect((await send('/api/v1/tenants', tokens.owner)).status).toBe(403);
  });
});
