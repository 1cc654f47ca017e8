import { tenantRoute } from '#api/http/define-route.ts';
import { nothing, pageQuery, searchInput } from '#api/http/input-schemas.ts';
import { listOf, pageRequest, pageView } from '#api/http/list-answer.ts';
import type { Route } from '#api/http/route.ts';
import { startsAgain } from '#api/run/start-again.ts';
import { startedSchema, startRun } from '#api/run/start-run.ts';
import { inTenant } from '#db/database.ts';
import { listGroups } from '#db/directory/directory-groups.ts';
import { syncDirectory } from '#domain/run/run-requests.ts';
import { directoryGroupSchema, toDirectoryGroupView } from './directory-group-view.ts';

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
      starts: startsAgain('directory.sync', ({ deps, caller, tenantId }) =>
        startRun(deps, caller, syncDirectory(tenantId)),
      ),
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
        listGroups(trx, { nameContains: query.q }, pageRequest(list, query)),
      );
      return { body: pageView(list, page, toDirectoryGroupView) };
    },
  ),
];
