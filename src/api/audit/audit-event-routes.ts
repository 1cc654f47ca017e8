import { tenantRoute } from '#api/http/define-route.ts';
import { nothing, pageQuery } from '#api/http/input-schemas.ts';
import { listOf, pageRequest, pageView } from '#api/http/list-answer.ts';
import type { Route } from '#api/http/route.ts';
import { listAuditEvents } from '#db/audit/audit-events.ts';
import { inTenant } from '#db/database.ts';
import { auditEventSchema, toAuditEventView } from './audit-event-view.ts';

const listPath = '/api/v1/tenants/{tenantId}/audit-events';

export const auditEventRoutes: readonly Route[] = [
  tenantRoute(
    {
      operationId: 'listAuditEvents',
      method: 'get',
      path: listPath,
      summary:
        'The audit trail of a tenant, newest first; each event has the hash of the previous one',
      tag: 'Audit trail',
      access: 'owner',
      query: pageQuery,
      body: nothing,
      answer: { status: 200, schema: listOf(auditEventSchema) },
    },
    async ({ deps, tenantId, query }) => {
      const list = listPath.replace('{tenantId}', tenantId);
      const page = await inTenant(deps.db, tenantId, (trx) =>
        listAuditEvents(trx, pageRequest(list, query)),
      );
      return { body: pageView(list, page, toAuditEventView) };
    },
  ),
];
