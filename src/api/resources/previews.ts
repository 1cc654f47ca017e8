import type { OperationType } from '../../domain/run.ts';
import { objectRoute } from '../define-route.ts';
import { nothing } from '../input-schemas.ts';
import { intactStream } from '../intact-stream.ts';
import { runInPath } from '../path-id.ts';
import { previewStream } from '../preview-stream.ts';
import { Problem } from '../problem.ts';
import type { Route } from '../route.ts';
import { previewSchema } from '../views/preview-view.ts';

/** The operations that make a plan, whether or not they carry it out. */
const planning: readonly OperationType[] = [
  'restore.preview',
  'drift.check',
  'restore.execute',
  'restore.undo',
];

export const previewRoutes: readonly Route[] = [
  objectRoute(
    {
      operationId: 'getRunPreview',
      method: 'get',
      path: '/api/v1/tenants/{tenantId}/runs/{runId}/preview',
      summary: 'What a run has planned item by item, also while it goes on',
      tag: 'Restores',
      access: 'reader',
      pathId: runInPath,
      query: nothing,
      body: nothing,
      answer: { status: 200, schema: previewSchema },
      problems: ['snapshot_corrupt'],
    },
    async ({ deps, found }) => {
      if (!planning.includes(found.operation_type)) {
        throw new Problem('not_found', 'Runs of this operation plan no restore.');
      }
      const content = await intactStream(previewStream(deps, found), 'the plan');
      return { stream: { type: 'application/json; charset=utf-8', content } };
    },
  ),
];
