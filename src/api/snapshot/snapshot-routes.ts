import { objectRoute } from '#api/http/define-route.ts';
import { nothing, pageQuery } from '#api/http/input-schemas.ts';
import { readIntactContent } from '#api/http/intact-content.ts';
import { listOf, pageRequest, pageView } from '#api/http/list-answer.ts';
import { policyInPath, snapshotInPath } from '#api/http/path-id.ts';
import type { Route } from '#api/http/route.ts';
import { inTenant } from '#db/database.ts';
import { listSnapshotsOfPolicy } from '#db/snapshot/snapshots.ts';
import {
  snapshotSchema,
  snapshotWithContentSchema,
  toSnapshotJson,
  toSnapshotView,
} from './snapshot-view.ts';

const tag = 'Snapshots';

export const snapshotRoutes: readonly Route[] = [
  objectRoute(
    {
      operationId: 'listSnapshotsOfPolicy',
      method: 'get',
      path: '/api/v1/tenants/{tenantId}/policies/{policyId}/snapshots',
      summary: 'The snapshots of a policy, newest first, without their contents',
      tag,
      access: 'reader',
      pathId: policyInPath,
      query: pageQuery,
      body: nothing,
      answer: { status: 200, schema: listOf(snapshotSchema) },
    },
    async ({ deps, tenantId, found, query }) => {
      const list = `/api/v1/tenants/${tenantId}/policies/${found.id}/snapshots`;
      const page = await inTenant(deps.db, tenantId, (trx) =>
        listSnapshotsOfPolicy(trx, found.id, pageRequest(list, query)),
      );
      return { body: pageView(list, page, toSnapshotView) };
    },
  ),
  objectRoute(
    {
      operationId: 'getSnapshot',
      method: 'get',
      path: '/api/v1/tenants/{tenantId}/snapshots/{snapshotId}',
      summary: 'One snapshot with its content, verified against its hash',
      tag,
      access: 'reader',
      pathId: snapshotInPath,
      query: nothing,
      body: nothing,
      answer: { status: 200, schema: snapshotWithContentSchema },
      problems: ['snapshot_corrupt'],
    },
    async ({ deps, tenantId, found }) => {
      const content = toSnapshotJson(found, await readIntactContent(deps, tenantId, found));
      return { text: { type: 'application/json; charset=utf-8', content } };
    },
  ),
];
