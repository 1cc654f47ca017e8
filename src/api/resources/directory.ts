import { inTenant } from '../../db/database.ts';
import { listGroups } from '../../db/directory-groups.ts';
import { syncDirectory } from '../../domain/work.ts';
import { tenantRoute } from '../define-route.ts';
import { nothing, pageQuery, searchInput } from '../input-schemas.ts';
import { listOf, pageRequest, pageView } from '../list-answer.ts';
import type { Route } from '../route.ts';
import { startedSchema, startRun } from '../start-run.ts';
import { directoryGroupSchema, toDirectoryGroupView } from '../views/directory-group-view.ts';

const groupsPath = '/api/v1/tenants/{tenantId}/directory/groups';
const tag = 'Directory';

export const directoryRoutes: readonly Route[] = [
  tenantRoute(
    {
      operationId: 'syncDirectory',
      method: 'post',
      path: '/api/v1/tenants/{tenantId}/directory-syncs',
      summary: "Starts a run that reads the tenant's groups into the cache",
      tag,
      access: 'operator',
      query: nothing,
      body: nothing,
      answer: { status: 202, schema: startedSchema },
      problems: ['dispatch_failed'],
    },
    async ({ deps, caller, tenantId }) => startRun(deps, caller, syncDirectory(tenantId)),
  ),
  tenantRoute(
    {
      operationId: 'listDirectoryGroups',
      method: 'get',
      path: groupsPath,
      summary: "The tenant's groups as last seen, newest first; answered from the cache alone",
      tag,
      access: 'reader',
      query: pageQuery.extend({ q: searchInput.optional() }),
      body: nothing,
      answer: { status: 200, schema: listOf(directoryGroupSchema) },
    },
    async ({ deps, tenantId, query }) => {
      const list = groupsPath.replace('{tenantId}', tenantId);
      const page = await inTenant(deps.db, tenantId, (trx) =>
        listGroups(trx, tenantId, { nameContains: query.q }, pageRequest(list, query)),
      );
      return { body: pageView(list, page, toDirectoryGroupView) };
    },
  ),
];
