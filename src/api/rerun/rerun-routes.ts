import { z } from 'zod';
import { objectRoute } from '#api/http/define-route.ts';
import { nothing } from '#api/http/input-schemas.ts';
import { runInPath } from '#api/http/path-id.ts';
import { Problem } from '#api/http/problem.ts';
import type { Answer, Route, StartAgain } from '#api/http/route.ts';
import { startedSchema, type Starting } from '#api/run/start-run.ts';
import { inTenant } from '#db/database.ts';
import { listFailedItems } from '#db/run/run-items.ts';
import { type Rerun, rerunOf, rerunOfFailed } from '#domain/run/rerun.ts';
import { isTerminal } from '#domain/run/run.ts';
import { startsSchedule } from './start-schedule-again.ts';

/** The starts of a table's routes, and the one of schedules: their generic routes declare none. */
export function startsOf(table: readonly Route[]): readonly StartAgain[] {
  return [startsSchedule, ...table.flatMap(({ starts }) => starts ?? [])];
}

/** @throws Problem 409 for a refusal, and every problem of the operation's first start. */
async function startRerun(
  table: readonly Route[],
  starting: Starting,
  rerun: Rerun,
): Promise<Answer> {
  if (rerun.operation === null) throw new Problem('conflict', rerun.why);
  const start = startsOf(table).find(({ operation }) => operation === rerun.operation);
  if (start === undefined) throw new Error(`no route starts ${rerun.operation}`);
  return start.again(starting, rerun);
}

/** @param table the routes that start runs; a rerun goes through the start of its operation. */
export const rerunRoutes = (table: readonly Route[]): readonly Route[] => [
  objectRoute(
    {
      operationId: 'rerunRun',
      method: 'post',
      path: '/api/v1/tenants/{tenantId}/runs/{runId}/reruns',
      summary: 'Starts a new run with the parameters of a finished one, or over its failed items',
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
      if (body.only === undefined) return startRerun(table, starting, rerunOf(past));
      const failed = await inTenant(deps.db, tenantId, (trx) => listFailedItems(trx, found.id));
      return startRerun(table, starting, rerunOfFailed(past, failed));
    },
  ),
];
