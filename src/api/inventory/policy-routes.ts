import { objectRoute, tenantRoute } from '#api/http/define-route.ts';
import { nothing, pageQuery, searchInput } from '#api/http/input-schemas.ts';
import { listOf, pageRequest, pageView } from '#api/http/list-answer.ts';
import { policyInPath } from '#api/http/path-id.ts';
import type { Route } from '#api/http/route.ts';
import { inTenant } from '#db/database.ts';
import { listPolicies } from '#db/inventory/policies.ts';
import { policyTypeInput } from './policy-type-input.ts';
import { policySchema, toPolicyView } from './policy-view.ts';

const listPath = '/api/v1/tenants/{tenantId}/policies';
const tag = 'Policies';

const filters = pageQuery.extend({
  type: policyTypeInput.optional(),
  q: searchInput.optional(),
});

export const policyRoutes: readonly Route[] = [
  tenantRoute(
    {
      operationId: 'listPolicies',
      method: 'get',
      path: listPath,
      summary: 'The policies of a tenant as last seen, newest first',
      tag,
      access: 'reader',
      query: filters,
      body: nothing,
      answer: { status: 200, schema: listOf(policySchema) },
    },
    async ({ deps, tenantId, query }) => {
      const list = listPath.replace('{tenantId}', tenantId);
      const filter = { policyType: query.type, nameContains: query.q };
      const page = await inTenant(deps.db, tenantId, (trx) =>
        listPolicies(trx, filter, pageRequest(list, query)),
      );
      return { body: pageView(list, page, toPolicyView) };
    },
  ),
  objectRoute(
    {
      operationId: 'getPolicy',
      method: 'get',
      path: `${listPath}/{policyId}`,
      summary: 'One policy',
      tag,
      access: 'reader',
      pathId: policyInPath,
      query: nothing,
      body: nothing,
      answer: { status: 200, schema: policySchema },
    },
    async ({ found }) => ({ body: toPolicyView(found) }),
  ),
];
