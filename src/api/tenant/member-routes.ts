import { z } from 'zod';
import { objectRoute, tenantRoute } from '#api/http/define-route.ts';
import { nameInput, nothing, pageQuery } from '#api/http/input-schemas.ts';
import { listOf, pageRequest, pageView } from '#api/http/list-answer.ts';
import { memberInPath, readPathId } from '#api/http/path-id.ts';
import { invalidRequest, notFound, Problem } from '#api/http/problem.ts';
import type { Route } from '#api/http/route.ts';
import { insertAuditEvent } from '#db/audit/audit-events.ts';
import { inTenant, type TenantTrx } from '#db/database.ts';
import {
  deleteMember,
  findMember,
  listMembers,
  lockOwners,
  upsertMember,
} from '#db/tenant/members.ts';
import { principalPattern } from '#domain/identity/principal.ts';
import { roles } from '#domain/identity/role.ts';
import { memberKinds, memberSchema, toMemberView } from './member-view.ts';

const listPath = '/api/v1/tenants/{tenantId}/members';
const memberPath = `${listPath}/{principalId}`;
const tag = 'Members';

const memberInput = z.strictObject({
  role: z.enum(roles),
  kind: z.enum(memberKinds).optional(),
  displayName: nameInput.optional(),
});

/** Refuses to remove the last owner: no other member could appoint one. */
async function keepAnOwner(trx: TenantTrx, principalId: string): Promise<void> {
  const owners = await lockOwners(trx);
  if (owners.length === 1 && owners[0] === principalId) {
    throw new Problem('conflict', 'This is the last owner of the tenant. Name another one first.');
  }
}

const listRoute = tenantRoute(
  {
    operationId: 'listMembers',
    method: 'get',
    path: listPath,
    summary: 'The members of a tenant, newest first',
    tag,
    access: 'owner',
    query: pageQuery,
    body: nothing,
    answer: { status: 200, schema: listOf(memberSchema) },
  },
  async ({ deps, tenantId, query }) => {
    const list = listPath.replace('{tenantId}', tenantId);
    const page = await inTenant(deps.db, tenantId, (trx) =>
      listMembers(trx, pageRequest(list, query)),
    );
    return { body: pageView(list, page, toMemberView) };
  },
);

const getRoute = objectRoute(
  {
    operationId: 'getMember',
    method: 'get',
    path: memberPath,
    summary: 'One member of a tenant',
    tag,
    access: 'owner',
    pathId: memberInPath,
    query: nothing,
    body: nothing,
    answer: { status: 200, schema: memberSchema },
  },
  async ({ found }) => ({ body: toMemberView(found) }),
);

const putRoute = tenantRoute(
  {
    operationId: 'putMember',
    method: 'put',
    path: memberPath,
    summary: 'Makes a user or a group a member, or changes its role',
    tag,
    access: 'owner',
    query: nothing,
    body: memberInput,
    answer: { status: 200, schema: memberSchema },
    problems: ['conflict'],
  },
  async ({ deps, caller, params, tenantId, body }) => {
    const principalId = readPathId(params['principalId'], principalPattern);
    if (principalId === null) {
      throw invalidRequest([{ path: 'principalId', message: 'must be <tenant id>:<object id>' }]);
    }
    const row = await inTenant(deps.db, tenantId, async (trx) => {
      if (body.role !== 'owner') await keepAnOwner(trx, principalId);
      const previous = await findMember(trx, principalId);
      const written = await upsertMember(trx, {
        principal_id: principalId,
        kind: body.kind ?? previous?.kind ?? 'user',
        display_name: body.displayName ?? previous?.display_name ?? null,
        role: body.role,
      });
      await insertAuditEvent(trx, {
        actor: caller.principalId,
        action: 'member.written',
        target: { type: 'member', id: principalId },
        details: { role: body.role, previousRole: previous?.role ?? null },
      });
      return written;
    });
    return { body: toMemberView(row) };
  },
);

const deleteRoute = objectRoute(
  {
    operationId: 'deleteMember',
    method: 'delete',
    path: memberPath,
    summary: 'Removes a member from a tenant',
    tag,
    access: 'owner',
    pathId: memberInPath,
    query: nothing,
    body: nothing,
    answer: { status: 204 },
    problems: ['conflict'],
  },
  async ({ deps, caller, tenantId, found }) => {
    const principalId = found.principal_id;
    await inTenant(deps.db, tenantId, async (trx) => {
      await keepAnOwner(trx, principalId);
      // Another request may have removed it meanwhile.
      if (!(await deleteMember(trx, principalId))) throw notFound();
      await insertAuditEvent(trx, {
        actor: caller.principalId,
        action: 'member.removed',
        target: { type: 'member', id: principalId },
        details: { previousRole: found.role },
      });
    });
    return {};
  },
);

export const memberRoutes: readonly Route[] = [listRoute, getRoute, putRoute, deleteRoute];
