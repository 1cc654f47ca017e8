import { z } from 'zod';
import { objectRoute } from '#api/http/define-route.ts';
import { nothing } from '#api/http/input-schemas.ts';
import { runInPath } from '#api/http/path-id.ts';
import { Problem } from '#api/http/problem.ts';
import type { Route } from '#api/http/route.ts';
import { startedSchema } from '#api/run/start-run.ts';
import { inTenant } from '#db/database.ts';
import { listFailedItems } from '#db/run/run-items.ts';
import { rerunOf, rerunOfFailed } from '#domain/run/rerun.ts';
import { isTerminal } from '#domain/run/run.ts';
import { startRerun } from './start-rerun.ts';

export const rerunRoutes: readonly Route[] = [
  objectRoute(
    {
      operationId: 'rerunRun',
      method: 'post',
      path: '/api/v1/tenants/{tenantId}/runs/{runId}/reruns',
      summary:
        'Starts a new run with the parameters of one that has ended, or over what has failed',
      tag: 'Runs',
      access: 'manager',
      pathId: runInPath,
      query: nothing,
      body: z.strictObject({ only: z.literal('failed').optional() }),
      answer: { status: 202, schema: startedSchema },
      problems: ['conflict', 'preview_stale', 'dispatch_failed'],
    },
    async ({ deps, caller, tenantId, found, body }) => {
      if (!isTerminal(found.status)) {
        throw new Problem('conflict', 'The run has not ended yet. Wait for it, or cancel it.');
      }
      const { operation_type: operationType, target_id: targetId, parameters } = found;
      const past = { operationType, targetId, parameters };
      const starting = { deps, caller, tenantId };
      if (body.only === undefined) return startRerun(starting, rerunOf(past));
      const failed = await inTenant(deps.db, tenantId, (trx) => listFailedItems(trx, found.id));
      return startRerun(starting, rerunOfFailed(past, failed));
    },
  ),
];
