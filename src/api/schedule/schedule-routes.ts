import { v7 as uuidv7 } from 'uuid';
import { objectRoute, tenantRoute } from '#api/http/define-route.ts';
import { nothing, pageQuery } from '#api/http/input-schemas.ts';
import { listOf, pageRequest, pageView } from '#api/http/list-answer.ts';
import { notFound } from '#api/http/problem.ts';
import type { Route } from '#api/http/route.ts';
import { insertAuditEvent } from '#db/audit/audit-events.ts';
import { inTenant } from '#db/database.ts';
import { type ScheduleKind, scheduleNoun } from '#db/schedule/schedule-kinds.ts';
import {
  deleteSchedule,
  insertSchedule,
  listSchedules,
  replaceSchedule,
} from '#db/schedule/schedules.ts';
import { changeSchedule } from './change-schedule.ts';
import { definitionOf } from './schedule-input.ts';
import { aboutOne, type KindFacts, scheduleKinds } from './schedule-kind.ts';
import { switchRoute, triggerRoute } from './schedule-action-routes.ts';
import { holdSubject, requireOwnSubject } from './schedule-subject.ts';
import { toScheduleView } from './schedule-view.ts';

/** The routes of one kind of schedules. */
export function scheduleRoutes(kind: ScheduleKind): readonly Route[] {
  const facts = scheduleKinds[kind];
  return [
    createRoute(facts),
    listRoute(kind, facts),
    getRoute(facts),
    replaceRoute(facts),
    deleteRoute(facts),
    triggerRoute(facts),
    switchRoute(facts, 'pause'),
    switchRoute(facts, 'resume'),
  ];
}

function createRoute({ word, noun, tag, listPath, body, schema, problems }: KindFacts): Route {
  return tenantRoute(
    {
      operationId: `create${word}`,
      method: 'post',
      path: listPath,
      tag,
      access: 'manager',
      summary: `Creates a ${noun}`,
      query: nothing,
      body,
      problems,
      answer: { status: 201, schema },
    },
    async ({ deps, caller, tenantId, body }) => {
      const definition = definitionOf(body);
      await requireOwnSubject(deps, tenantId, definition);
      const id = uuidv7();
      const createdBy = { id: caller.principalId, displayName: caller.displayName };
      const made = await changeSchedule(
        deps,
        { tenantId, caller, done: 'created' },
        async (trx) => {
          await holdSubject(trx, definition);
          return insertSchedule(trx, { id, createdBy, definition });
        },
      );
      const list = listPath.replace('{tenantId}', tenantId);
      return { body: toScheduleView(made, deps.config), headers: { Location: `${list}/${id}` } };
    },
  );
}

function listRoute(kind: ScheduleKind, { word, noun, tag, listPath, schema }: KindFacts): Route {
  return tenantRoute(
    {
      operationId: `list${word}s`,
      method: 'get',
      path: listPath,
      tag,
      access: 'reader',
      summary: `The ${noun}s of a tenant, newest first`,
      query: pageQuery,
      body: nothing,
      answer: { status: 200, schema: listOf(schema) },
    },
    async ({ deps, tenantId, query }) => {
      const list = listPath.replace('{tenantId}', tenantId);
      const page = await inTenant(deps.db, tenantId, (trx) =>
        listSchedules(trx, kind, pageRequest(list, query)),
      );
      return { body: pageView(list, page, (row) => toScheduleView(row, deps.config)) };
    },
  );
}

function getRoute(facts: KindFacts): Route {
  return objectRoute(
    {
      ...aboutOne(facts),
      operationId: `get${facts.word}`,
      method: 'get',
      access: 'reader',
      summary: `One ${facts.noun}, with its next time and its last run`,
    },
    async ({ deps, found }) => ({ body: toScheduleView(found, deps.config) }),
  );
}

function replaceRoute(facts: KindFacts): Route {
  const { word, noun, body, problems } = facts;
  return objectRoute(
    {
      ...aboutOne(facts),
      operationId: `replace${word}`,
      method: 'put',
      body,
      problems,
      summary: `Replaces a ${noun} as a whole`,
    },
    async ({ deps, caller, tenantId, found, body }) => {
      const definition = definitionOf(body);
      await requireOwnSubject(deps, tenantId, definition);
      const changed = await changeSchedule(
        deps,
        { tenantId, caller, done: 'replaced' },
        async (trx) => {
          await holdSubject(trx, definition);
          return replaceSchedule(trx, found.id, definition);
        },
      );
      return { body: toScheduleView(changed, deps.config) };
    },
  );
}

function deleteRoute(facts: KindFacts): Route {
  return objectRoute(
    {
      ...aboutOne(facts),
      operationId: `delete${facts.word}`,
      method: 'delete',
      answer: { status: 204 },
      summary: `Deletes a ${facts.noun}; its runs and sets stay`,
    },
    async ({ deps, caller, tenantId, found }) => {
      await inTenant(deps.db, tenantId, async (trx) => {
        // Another request may have deleted it meanwhile.
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
