import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import { objectRoute, tenantRoute } from '#api/http/define-route.ts';
import { nothing, pageQuery } from '#api/http/input-schemas.ts';
import { listOf, pageRequest, pageView } from '#api/http/list-answer.ts';
import { notFound } from '#api/http/problem.ts';
import type { Route } from '#api/http/route.ts';
import { startedAnswer, startedSchema } from '#api/run/start-run.ts';
import { insertAuditEvent } from '#db/audit/audit-events.ts';
import { inTenant } from '#db/database.ts';
import { scheduleNoun } from '#db/schedule/schedule-kinds.ts';
import { deleteSchedule, pauseSchedule } from '#db/schedule/schedules.ts';
import type { ScheduleRow } from '#db/tables.ts';
import { startScheduleRun } from '#temporal/schedule/start-schedule-run.ts';
import { changeSchedule } from './change-schedule.ts';
import type { ScheduleKind } from './schedule-kind.ts';

/** The routes of a kind of schedules. */
export function scheduleRoutes<Row extends ScheduleRow, Body extends z.ZodObject>(
  kind: ScheduleKind<Row, Body>,
): readonly Route[] {
  return [
    createRoute(kind),
    listRoute(kind),
    getRoute(kind),
    replaceRoute(kind),
    deleteRoute(kind),
    triggerRoute(kind),
    switchRoute(kind, 'pause'),
    switchRoute(kind, 'resume'),
  ];
}

function schedulePath<Row extends ScheduleRow, Body extends z.ZodObject>({
  listPath,
  pathId,
}: ScheduleKind<Row, Body>): string {
  return `${listPath}/{${pathId.parameter}}`;
}

function createRoute<Row extends ScheduleRow, Body extends z.ZodObject>(
  kind: ScheduleKind<Row, Body>,
): Route {
  return tenantRoute(
    {
      operationId: `create${kind.word}`,
      method: 'post',
      path: kind.listPath,
      summary: `Makes a ${kind.noun}`,
      tag: kind.tag,
      access: 'manager',
      query: nothing,
      body: kind.body,
      answer: { status: 201, schema: kind.schema },
      problems: kind.problems,
    },
    async ({ deps, caller, tenantId, body }) => {
      await kind.requireOwn(deps, tenantId, body);
      const id = uuidv7();
      const createdBy = { id: caller.principalId, displayName: caller.displayName };
      const made = await changeSchedule(
        deps,
        { tenantId, caller, done: 'created', find: kind.pathId.find },
        (trx) => kind.insert(trx, { id, createdBy, body }),
      );
      const list = kind.listPath.replace('{tenantId}', tenantId);
      return { body: kind.view(made, deps.config), headers: { Location: `${list}/${id}` } };
    },
  );
}

function listRoute<Row extends ScheduleRow, Body extends z.ZodObject>(
  kind: ScheduleKind<Row, Body>,
): Route {
  return tenantRoute(
    {
      operationId: `list${kind.word}s`,
      method: 'get',
      path: kind.listPath,
      summary: `The ${kind.noun}s of a tenant, newest first`,
      tag: kind.tag,
      access: 'reader',
      query: pageQuery,
      body: nothing,
      answer: { status: 200, schema: listOf(kind.schema) },
    },
    async ({ deps, tenantId, query }) => {
      const list = kind.listPath.replace('{tenantId}', tenantId);
      const page = await inTenant(deps.db, tenantId, (trx) =>
        kind.list(trx, pageRequest(list, query)),
      );
      return { body: pageView(list, page, (row) => kind.view(row, deps.config)) };
    },
  );
}

function getRoute<Row extends ScheduleRow, Body extends z.ZodObject>(
  kind: ScheduleKind<Row, Body>,
): Route {
  return objectRoute(
    {
      operationId: `get${kind.word}`,
      method: 'get',
      path: schedulePath(kind),
      summary: `One ${kind.noun}, with when it runs next and its last run`,
      tag: kind.tag,
      access: 'reader',
      pathId: kind.pathId,
      query: nothing,
      body: nothing,
      answer: { status: 200, schema: kind.schema },
    },
    async ({ deps, found }) => ({ body: kind.view(found, deps.config) }),
  );
}

function replaceRoute<Row extends ScheduleRow, Body extends z.ZodObject>(
  kind: ScheduleKind<Row, Body>,
): Route {
  return objectRoute(
    {
      operationId: `replace${kind.word}`,
      method: 'put',
      path: schedulePath(kind),
      summary: `Replaces a ${kind.noun} as a whole`,
      tag: kind.tag,
      access: 'manager',
      pathId: kind.pathId,
      query: nothing,
      body: kind.body,
      answer: { status: 200, schema: kind.schema },
      problems: kind.problems,
    },
    async ({ deps, caller, tenantId, found, body }) => {
      await kind.requireOwn(deps, tenantId, body);
      const changed = await changeSchedule(
        deps,
        { tenantId, caller, done: 'replaced', find: kind.pathId.find },
        (trx) => kind.replace(trx, found.id, body),
      );
      return { body: kind.view(changed, deps.config) };
    },
  );
}

function deleteRoute<Row extends ScheduleRow, Body extends z.ZodObject>(
  kind: ScheduleKind<Row, Body>,
): Route {
  return objectRoute(
    {
      operationId: `delete${kind.word}`,
      method: 'delete',
      path: schedulePath(kind),
      summary: `Deletes a ${kind.noun}; what it has made stays`,
      tag: kind.tag,
      access: 'manager',
      pathId: kind.pathId,
      query: nothing,
      body: nothing,
      answer: { status: 204 },
    },
    async ({ deps, caller, tenantId, found }) => {
      await inTenant(deps.db, tenantId, async (trx) => {
        // Another request may have deleted it since it was found.
        if (!(await deleteSchedule(trx, found.id))) throw notFound();
        await deps.schedules.remove(found.id);
        await insertAuditEvent(trx, {
          actor: caller.principalId,
          action: `${scheduleNoun(found)}.deleted`,
          target: { type: scheduleNoun(found), id: found.id },
          details: { name: found.name },
        });
      });
      return {};
    },
  );
}

function triggerRoute<Row extends ScheduleRow, Body extends z.ZodObject>(
  kind: ScheduleKind<Row, Body>,
): Route {
  return objectRoute(
    {
      operationId: `trigger${kind.word}`,
      method: 'post',
      path: `${schedulePath(kind)}/trigger`,
      summary: `Starts the run of a ${kind.noun} now, also of one that is paused`,
      tag: kind.tag,
      access: 'manager',
      pathId: kind.pathId,
      query: nothing,
      body: nothing,
      answer: { status: 202, schema: startedSchema },
      problems: ['dispatch_failed'],
    },
    async ({ deps, caller, found }) => {
      const by = { notifiedId: caller.principalId, firingId: null };
      return startedAnswer(deps, await startScheduleRun(deps.runs, found, by));
    },
  );
}

const switches = {
  pause: { paused: true, done: 'paused', summary: 'rest; a run that goes on ends as it would' },
  resume: { paused: false, done: 'resumed', summary: 'go on; what was missed is not made up for' },
} as const;

/** Pausing and resuming differ in a word. */
function switchRoute<Row extends ScheduleRow, Body extends z.ZodObject>(
  kind: ScheduleKind<Row, Body>,
  verb: keyof typeof switches,
): Route {
  const { paused, done, summary } = switches[verb];
  return objectRoute(
    {
      operationId: `${verb}${kind.word}`,
      method: 'post',
      path: `${schedulePath(kind)}/${verb}`,
      summary: `Lets a ${kind.noun} ${summary}`,
      tag: kind.tag,
      access: 'manager',
      pathId: kind.pathId,
      query: nothing,
      body: nothing,
      answer: { status: 200, schema: kind.schema },
    },
    async ({ deps, caller, tenantId, found }) => {
      const changed = await changeSchedule(
        deps,
        { tenantId, caller, done, find: kind.pathId.find },
        (trx) => pauseSchedule(trx, found.id, paused),
      );
      return { body: kind.view(changed, deps.config) };
    },
  );
}
