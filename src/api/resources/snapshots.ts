import { inTenant } from '../../db/database.ts';
import { SnapshotIntegrityError } from '../../db/snapshot-cipher.ts';
import {
  listSnapshotsOfPolicy,
  readSnapshotContent,
  type SnapshotSummary,
} from '../../db/snapshots.ts';
import { objectRoute } from '../define-route.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { nothing, pageQuery } from '../input-schemas.ts';
import { listOf, pageRequest, pageView } from '../list-answer.ts';
import { policyInPath, snapshotInPath } from '../path-id.ts';
import { Problem } from '../problem.ts';
import type { Route } from '../route.ts';
import {
  snapshotSchema,
  snapshotWithContentSchema,
  toSnapshotJson,
  toSnapshotView,
} from '../views/snapshot-view.ts';

const tag = 'Snapshots';

/** The content of a snapshot, or a problem where it is no longer what was kept; never wrong content. */
async function readIntactContent(
  deps: ApiDependencies,
  tenantId: string,
  snapshot: SnapshotSummary,
): Promise<string> {
  try {
    return await inTenant(deps.db, tenantId, (trx) =>
      readSnapshotContent(trx, deps.cipher, tenantId, snapshot.sha256),
    );
  } catch (error) {
    if (!(error instanceof SnapshotIntegrityError)) throw error;
    deps.log.error(
      { tenantId, snapshotId: snapshot.id, reason: error.message },
      'a stored snapshot is damaged',
    );
    throw new Problem(
      'snapshot_corrupt',
      'The stored content does not have the hash it was kept under.',
    );
  }
}

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
        listSnapshotsOfPolicy(trx, tenantId, found.id, pageRequest(list, query)),
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
