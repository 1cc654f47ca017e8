import { decodeCursor } from '#api/http/cursor.ts';
import { tenantRoute } from '#api/http/define-route.ts';
import { nothing, pageQuery } from '#api/http/input-schemas.ts';
import { listOf, pageView } from '#api/http/list-answer.ts';
import type { Route } from '#api/http/route.ts';
import { toPage } from '#db/page.ts';
import { policyTypes } from '#domain/policy-types/catalogue.ts';
import { policyTypeSchema, toPolicyTypeView } from './policy-type-view.ts';

const path = '/api/v1/tenants/{tenantId}/policy-types';
const typeKey = /^[A-Za-z]{1,64}$/;

export const policyTypeRoutes: readonly Route[] = [
  tenantRoute(
    {
      operationId: 'listPolicyTypes',
      method: 'get',
      path,
      summary: 'The policy types that Tenantry knows, in their order of display',
      tag: 'Policies',
      access: 'reader',
      query: pageQuery,
      body: nothing,
      answer: { status: 200, schema: listOf(policyTypeSchema) },
    },
    async ({ query: { cursor, limit } }) => {
      const after = cursor === undefined ? null : decodeCursor(path, cursor, typeKey);
      const start = policyTypes.findIndex(({ type }) => type === after) + 1;
      const rows = policyTypes.slice(start, start + limit + 1);
      return {
        body: pageView(
          path,
          toPage(rows, limit, (row) => row.type),
          toPolicyTypeView,
        ),
      };
    },
  ),
];
