import { z } from 'zod';
import { callerRoute } from '#api/http/define-route.ts';
import { nothing } from '#api/http/input-schemas.ts';
import type { Route } from '#api/http/route.ts';
import { asPrincipals } from '#db/database.ts';
import { listTenantsOfPrincipals } from '#db/tenant/tenants.ts';
import { roles, strongestRole } from '#domain/identity/role.ts';

/** A provider with more tenants pages through `GET /tenants`. */
const tenantsMax = 1_000;

const meSchema = z.strictObject({
  principalId: z.string(),
  displayName: z.string(),
  tenantId: z.string().describe("The caller's own directory"),
  principalIds: z.array(z.string()).describe('The caller and the groups of its token'),
  platformAdmin: z.boolean(),
  delegatedToken: z
    .boolean()
    .describe('Whether the sign-in can act for the caller towards Microsoft Graph'),
  groupSearch: z
    .strictObject({
      enabled: z.boolean(),
      reason: z
        .enum(['delegated_token_required'])
        .nullable()
        .describe('The reason if it is not available'),
    })
    .describe('Whether the caller can search groups of its own directory'),
  tenants: z
    .array(z.strictObject({ tenantId: z.string(), displayName: z.string(), role: z.enum(roles) }))
    .describe(`The tenants with the caller as a member, ${tenantsMax} at most`),
});

export const meRoutes: readonly Route[] = [
  callerRoute(
    {
      operationId: 'getMe',
      method: 'get',
      path: '/api/v1/me',
      summary: 'The caller, and its role in each tenant',
      tag: 'Identity',
      access: 'authenticated',
      query: nothing,
      body: nothing,
      answer: { status: 200, schema: meSchema },
    },
    async ({ deps, caller }) => {
      const page = await asPrincipals(deps.db, caller.principalIds, (trx) =>
        listTenantsOfPrincipals(trx, { limit: tenantsMax, before: null }),
      );
      const tenants = page.rows.flatMap((row) => {
        const role = strongestRole(row.roles);
        if (role === null) return [];
        return [{ tenantId: row.tenant_id, displayName: row.display_name, role }];
      });
      const { principalId, displayName, tenantId, principalIds, platformAdmin } = caller;
      const body: z.output<typeof meSchema> = {
        principalId,
        displayName,
        tenantId,
        principalIds: [...principalIds],
        platformAdmin,
        delegatedToken: caller.delegatedToken,
        groupSearch: {
          enabled: caller.delegatedToken,
          reason: caller.delegatedToken ? null : 'delegated_token_required',
        },
        tenants,
      };
      return { body };
    },
  ),
];
