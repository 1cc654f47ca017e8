import { z } from 'zod';
import type { Caller } from '#api/http/caller.ts';
import { callerRoute, tenantRoute } from '#api/http/define-route.ts';
import type { ApiDependencies } from '#api/http/dependencies.ts';
import {
  guidInput,
  nameInput,
  nothing,
  pageQuery,
  principalInput,
} from '#api/http/input-schemas.ts';
import { listOf, pageRequest, pageView } from '#api/http/list-answer.ts';
import { notFound, Problem } from '#api/http/problem.ts';
import type { Route } from '#api/http/route.ts';
import { insertAuditEvent } from '#db/audit/audit-events.ts';
import { asPrincipals, inTenant } from '#db/database.ts';
import type { TenantRow } from '#db/tables.ts';
import { upsertMember } from '#db/tenant/members.ts';
import { findTenant, insertTenant, listTenantsOfPrincipals } from '#db/tenant/tenants.ts';
import { strongestRole } from '#domain/identity/role.ts';
import { tenantSchema, toTenantView } from './tenant-view.ts';

const path = '/api/v1/tenants';
const tag = 'Tenants';

/** A tenant starts with a few owners, who add the others. */
const ownersMax = 100;

const newTenant = z.strictObject({
  tenantId: guidInput,
  displayName: nameInput,
  owners: z.array(principalInput).min(1).max(ownersMax),
});

/** Registers a tenant with its owners and audit events, all or nothing. */
function registerTenant(
  deps: ApiDependencies,
  caller: Caller,
  { tenantId, displayName, owners }: z.output<typeof newTenant>,
): Promise<TenantRow> {
  return inTenant(deps.db, tenantId, async (trx) => {
    const actor = caller.principalId;
    if (!(await insertTenant(trx, { displayName, createdBy: actor }))) {
      throw new Problem('conflict', 'The tenant is registered already.');
    }
    await insertAuditEvent(trx, {
      actor,
      action: 'tenant.registered',
      target: { type: 'tenant', id: tenantId },
      details: { displayName },
    });
    for (const principalId of new Set(owners)) {
      await upsertMember(trx, {
        principal_id: principalId,
        kind: 'user',
        display_name: null,
        role: 'owner',
      });
      await insertAuditEvent(trx, {
        actor,
        action: 'member.written',
        target: { type: 'member', id: principalId },
        details: { role: 'owner', previousRole: null },
      });
    }
    const row = await findTenant(trx);
    if (row === undefined) throw new Error('a tenant that was just registered is not there');
    return row;
  });
}

export const tenantRoutes: readonly Route[] = [
  callerRoute(
    {
      operationId: 'listTenants',
      method: 'get',
      path,
      summary: 'The tenants with the caller as a member, newest first',
      tag,
      access: 'authenticated',
      query: pageQuery,
      body: nothing,
      answer: { status: 200, schema: listOf(tenantSchema) },
    },
    async ({ deps, caller, query }) => {
      const page = await asPrincipals(deps.db, caller.principalIds, (trx) =>
        listTenantsOfPrincipals(trx, pageRequest(path, query)),
      );
      return { body: pageView(path, page, (row) => toTenantView(row, strongestRole(row.roles))) };
    },
  ),
  callerRoute(
    {
      operationId: 'registerTenant',
      method: 'post',
      path,
      summary: 'Registers a tenant with its first owners',
      tag,
      access: 'platform_admin',
      query: nothing,
      body: newTenant,
      answer: { status: 201, schema: tenantSchema },
      problems: ['conflict'],
    },
    async ({ deps, caller, body }) => {
      const row = await registerTenant(deps, caller, body);
      const role = body.owners.some((owner) => caller.principalIds.includes(owner))
        ? 'owner'
        : null;
      return {
        body: toTenantView(row, role),
        headers: { Location: `${path}/${row.tenant_id}` },
      };
    },
  ),
  tenantRoute(
    {
      operationId: 'getTenant',
      method: 'get',
      path: `${path}/{tenantId}`,
      summary: 'One tenant',
      tag,
      access: 'reader',
      query: nothing,
      body: nothing,
      answer: { status: 200, schema: tenantSchema },
    },
    async ({ deps, tenantId, role }) => {
      const row = await inTenant(deps.db, tenantId, (trx) => findTenant(trx));
      if (row === undefined) throw notFound();
      return { body: toTenantView(row, role) };
    },
  ),
];
