import { z } from 'zod';
import { objectRoute } from '#api/http/define-route.ts';
import type { ApiDependencies } from '#api/http/dependencies.ts';
import { guidInput, nothing } from '#api/http/input-schemas.ts';
import { readIntactContent } from '#api/http/intact-content.ts';
import { snapshotInPath } from '#api/http/path-id.ts';
import { invalidRequest } from '#api/http/problem.ts';
import type { Route } from '#api/http/route.ts';
import { inTenant } from '#db/database.ts';
import { findSnapshotById, type SnapshotSummary } from '#db/snapshot/snapshots.ts';
import { diffDocuments } from '#domain/diff/diff.ts';
import { diffRulesOf } from '#domain/diff/rules.ts';
import { parseDocument } from '#domain/json/policy-document.ts';
import { snapshotDiffSchema, toSnapshotDiffJson } from './snapshot-diff-view.ts';

/** The other snapshot of a comparison. Refuses another tenant's snapshot like an unknown one. */
async function findComparable(
  deps: ApiDependencies,
  tenantId: string,
  snapshot: SnapshotSummary,
  against: string,
): Promise<SnapshotSummary> {
  const other = await inTenant(deps.db, tenantId, (trx) => findSnapshotById(trx, against));
  if (other === undefined) throw refused(`${against} is no snapshot of this tenant`);
  if (other.policy_type !== snapshot.policy_type) {
    throw refused(`is of type ${other.policy_type}, and the snapshot of ${snapshot.policy_type}`);
  }
  return other;
}

const refused = (message: string) => invalidRequest([{ path: 'against', message }]);

export const snapshotDiffRoutes: readonly Route[] = [
  objectRoute(
    {
      operationId: 'diffSnapshots',
      method: 'get',
      path: '/api/v1/tenants/{tenantId}/snapshots/{snapshotId}/diff',
      summary: 'The changes in a snapshot against another one of the same policy type',
      tag: 'Snapshots',
      access: 'reader',
      pathId: snapshotInPath,
      query: z.strictObject({ against: guidInput }),
      body: nothing,
      answer: { status: 200, schema: snapshotDiffSchema },
      problems: ['snapshot_corrupt'],
    },
    async ({ deps, tenantId, found, query }) => {
      const other = await findComparable(deps, tenantId, found, query.against);
      const before = parseDocument(await readIntactContent(deps, tenantId, other));
      const after = parseDocument(await readIntactContent(deps, tenantId, found));
      const changes = diffDocuments(before, after, diffRulesOf(found.policy_type));
      const content = toSnapshotDiffJson(found.id, other.id, changes);
      return { text: { type: 'application/json; charset=utf-8', content } };
    },
  ),
];
