import { z } from 'zod';
import { objectRoute, tenantRoute } from '#api/http/define-route.ts';
import { flagInput, nothing, pageQuery } from '#api/http/input-schemas.ts';
import { listOf, pageRequest, pageView } from '#api/http/list-answer.ts';
import { runInPath } from '#api/http/path-id.ts';
import { Problem } from '#api/http/problem.ts';
import type { Route } from '#api/http/route.ts';
import { inTenant } from '#db/database.ts';
import { listRunItems } from '#db/run/run-items.ts';
import { listRuns } from '#db/run/runs.ts';
import { operationTypes } from '#domain/run/operation.ts';
import { runStatuses } from '#domain/run/run.ts';
import { runItemSchema, toRunItemView } from './run-item-view.ts';
import { runPath, runSchema, toRunView } from './run-view.ts';

const listPath = '/api/v1/tenants/{tenantId}/runs';
const path = `${listPath}/{runId}`;
const tag = 'Runs';

const filters = pageQuery.extend({
  status: z.enum(runStatuses).optional(),
  operationType: z.enum(operationTypes).optional(),
  active: flagInput.optional(),
});

const listRoute = tenantRoute(
  {
    operationId: 'listRuns',
    method: 'get',
    path: listPath,
    summary: 'The runs of a tenant, newest first',
    tag,
    access: 'reader',
    query: filters,
    body: nothing,
    answer: { status: 200, schema: listOf(runSchema) },
  },
  async ({ deps, tenantId, query }) => {
    const list = listPath.replace('{tenantId}', tenantId);
    const filter = {
      status: query.status,
      operationType: query.operationType,
      activeOnly: query.active,
    };
    const page = await inTenant(deps.db, tenantId, (trx) =>
      listRuns(trx, filter, pageRequest(list, query)),
    );
    return { body: pageView(list, page, (row) => toRunView(row, deps.config)) };
  },
);

const getRoute = objectRoute(
  {
    operationId: 'getRun',
    method: 'get',
    path,
    summary: 'One run',
    tag,
    access: 'reader',
    pathId: runInPath,
    query: nothing,
    body: nothing,
    answer: { status: 200, schema: runSchema },
  },
  async ({ deps, found }) => ({ body: toRunView(found, deps.config) }),
);

const itemsRoute = objectRoute(
  {
    operationId: 'listRunItems',
    method: 'get',
    path: `${path}/items`,
    summary: 'The items of a run, newest first',
    tag,
    access: 'reader',
    pathId: runInPath,
    query: pageQuery,
    body: nothing,
    answer: { status: 200, schema: listOf(runItemSchema) },
  },
  async ({ deps, tenantId, found, query }) => {
    const list = `${runPath(tenantId, found.id)}/items`;
    const page = await inTenant(deps.db, tenantId, (trx) =>
      listRunItems(trx, found.id, pageRequest(list, query)),
    );
    return { body: pageView(list, page, toRunItemView) };
  },
);

const cancelRoute = objectRoute(
  {
    operationId: 'cancelRun',
    method: 'post',
    path: `${path}/cancel`,
    summary:
      'Requests the cancellation of an active run: items in flight end, the others are skipped',
    tag,
    access: 'manager',
    pathId: runInPath,
    query: nothing,
    body: nothing,
    answer: { status: 202, schema: runSchema },
    problems: ['conflict'],
  },
  async ({ deps, tenantId, found }) => {
    const run = await deps.runs.cancel(tenantId, found.id);
    if (run === undefined) throw new Problem('conflict', 'The run has ended already.');
    return {
      body: toRunView(run, deps.config),
      headers: { Location: runPath(tenantId, found.id) },
    };
  },
);

export const runRoutes: readonly Route[] = [listRoute, getRoute, itemsRoute, cancelRoute];
