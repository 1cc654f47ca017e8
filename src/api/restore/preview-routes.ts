import { objectRoute } from '#api/http/define-route.ts';
import { nothing } from '#api/http/input-schemas.ts';
import { intactStream } from '#api/http/intact-stream.ts';
import { runInPath } from '#api/http/path-id.ts';
import { Problem } from '#api/http/problem.ts';
import type { Route } from '#api/http/route.ts';
import { operations } from '#domain/run/operation.ts';
import { previewStream } from './preview-stream.ts';
import { previewSchema } from './preview-view.ts';

export const previewRoutes: readonly Route[] = [
  objectRoute(
    {
      operationId: 'getRunPreview',
      method: 'get',
      path: '/api/v1/tenants/{tenantId}/runs/{runId}/preview',
      summary: 'The plan of a run item by item, also while it is running',
      tag: 'Restores',
      access: 'reader',
      pathId: runInPath,
      query: nothing,
      body: nothing,
      answer: { status: 200, schema: previewSchema },
      problems: ['snapshot_corrupt'],
    },
    async ({ deps, found }) => {
      if (!operations[found.operation_type].plansRestore) {
        throw new Problem('not_found', 'Runs of this operation plan no restore.');
      }
      const content = await intactStream(previewStream(deps, found), 'the plan');
      return { stream: { type: 'application/json; charset=utf-8', content } };
    },
  ),
];
