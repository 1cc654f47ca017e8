import { v7 as uuidv7 } from 'uuid';
import { insertAuditEvent } from '../../db/audit-events.ts';
import {
  changeBackupSchedule,
  deleteBackupSchedule,
  insertBackupSchedule,
  listBackupSchedules,
} from '../../db/backup-schedules.ts';
import { inTenant } from '../../db/database.ts';
import { startScheduleRun } from '../../temporal/start-schedule-run.ts';
import { requireOwnPolicies } from '../backup-selection.ts';
import { changeSchedule } from '../change-schedule.ts';
import { objectRoute, tenantRoute } from '../define-route.ts';
import { nothing, pageQuery } from '../input-schemas.ts';
import { listOf, pageRequest, pageView } from '../list-answer.ts';
import { backupScheduleInPath } from '../path-id.ts';
import { notFound } from '../problem.ts';
import type { Route } from '../route.ts';
import { definitionOf, scheduleBody } from '../schedule-input.ts';
import { startedAnswer, startedSchema } from '../start-run.ts';
import {
  backupSchedulePath,
  backupScheduleSchema,
  toBackupScheduleView,
} from '../views/backup-schedule-view.ts';

const listPath = '/api/v1/tenants/{tenantId}/backup-schedules';
const schedulePath = `${listPath}/{scheduleId}`;
const tag = 'Backup schedules';

const createRoute = tenantRoute(
  {
    operationId: 'createBackupSchedule',
    method: 'post',
    path: listPath,
    summary: 'Makes a schedule of backups',
    tag,
    access: 'manager',
    query: nothing,
    body: scheduleBody,
    answer: { status: 201, schema: backupScheduleSchema },
  },
  async ({ deps, caller, tenantId, body }) => {
    await requireOwnPolicies(deps, tenantId, body.selection.policyIds, 'selection.policyIds');
    const by = { tenantId, caller, action: 'backup_schedule.created' };
    const id = uuidv7();
    const createdBy = { id: caller.principalId, displayName: caller.displayName };
    const made = await changeSchedule(deps, by, (trx) =>
      insertBackupSchedule(trx, tenantId, { id, createdBy, definition: definitionOf(body) }),
    );
    return {
      body: toBackupScheduleView(made, deps.config),
      headers: { Location: backupSchedulePath(tenantId, id) },
    };
  },
);

const listRoute = tenantRoute(
  {
    operationId: 'listBackupSchedules',
    method: 'get',
    path: listPath,
    summary: 'The backup schedules of a tenant, newest first',
    tag,
    access: 'reader',
    query: pageQuery,
    body: nothing,
    answer: { status: 200, schema: listOf(backupScheduleSchema) },
  },
  async ({ deps, tenantId, query }) => {
    const list = listPath.replace('{tenantId}', tenantId);
    const page = await inTenant(deps.db, tenantId, (trx) =>
      listBackupSchedules(trx, tenantId, pageRequest(list, query)),
    );
    return { body: pageView(list, page, (row) => toBackupScheduleView(row, deps.config)) };
  },
);

const getRoute = objectRoute(
  {
    operationId: 'getBackupSchedule',
    method: 'get',
    path: schedulePath,
    summary: 'One backup schedule, with when it runs next and its last run',
    tag,
    access: 'reader',
    pathId: backupScheduleInPath,
    query: nothing,
    body: nothing,
    answer: { status: 200, schema: backupScheduleSchema },
  },
  async ({ deps, found }) => ({ body: toBackupScheduleView(found, deps.config) }),
);

const replaceRoute = objectRoute(
  {
    operationId: 'replaceBackupSchedule',
    method: 'put',
    path: schedulePath,
    summary: 'Replaces a backup schedule as a whole',
    tag,
    access: 'manager',
    pathId: backupScheduleInPath,
    query: nothing,
    body: scheduleBody,
    answer: { status: 200, schema: backupScheduleSchema },
  },
  async ({ deps, caller, tenantId, found, body }) => {
    await requireOwnPolicies(deps, tenantId, body.selection.policyIds, 'selection.policyIds');
    const by = { tenantId, caller, action: 'backup_schedule.replaced' };
    const changed = await changeSchedule(deps, by, (trx) =>
      changeBackupSchedule(trx, tenantId, found.id, definitionOf(body)),
    );
    return { body: toBackupScheduleView(changed, deps.config) };
  },
);

const deleteRoute = objectRoute(
  {
    operationId: 'deleteBackupSchedule',
    method: 'delete',
    path: schedulePath,
    summary: 'Deletes a backup schedule; what it has made stays',
    tag,
    access: 'manager',
    pathId: backupScheduleInPath,
    query: nothing,
    body: nothing,
    answer: { status: 204 },
  },
  async ({ deps, caller, tenantId, found }) => {
    await inTenant(deps.db, tenantId, async (trx) => {
      // Another request may have deleted it since it was found.
      if (!(await deleteBackupSchedule(trx, tenantId, found.id))) throw notFound();
      await insertAuditEvent(trx, tenantId, {
        actor: caller.principalId,
        action: 'backup_schedule.deleted',
        target: { type: 'backup_schedule', id: found.id },
        details: { name: found.name },
      });
      await deps.schedules.remove(found.id);
    });
    return {};
  },
);

const triggerRoute = objectRoute(
  {
    operationId: 'triggerBackupSchedule',
    method: 'post',
    path: `${schedulePath}/trigger`,
    summary: 'Starts the backup of a schedule now, also of one that is paused',
    tag,
    access: 'manager',
    pathId: backupScheduleInPath,
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

/** Pausing and resuming differ in a word. */
function switchRoute(verb: 'pause' | 'resume', paused: boolean): Route {
  const { operationId, summary, action } = paused
    ? {
        operationId: 'pauseBackupSchedule',
        summary: 'Lets a schedule rest; a backup that runs goes on',
        action: 'backup_schedule.paused',
      }
    : {
        operationId: 'resumeBackupSchedule',
        summary: 'Lets a paused schedule go on; what it has missed is not made up for',
        action: 'backup_schedule.resumed',
      };
  return objectRoute(
    {
      operationId,
      method: 'post',
      path: `${schedulePath}/${verb}`,
      summary,
      tag,
      access: 'manager',
      pathId: backupScheduleInPath,
      query: nothing,
      body: nothing,
      answer: { status: 200, schema: backupScheduleSchema },
    },
    async ({ deps, caller, tenantId, found }) => {
      const changed = await changeSchedule(deps, { tenantId, caller, action }, (trx) =>
        changeBackupSchedule(trx, tenantId, found.id, { paused }),
      );
      return { body: toBackupScheduleView(changed, deps.config) };
    },
  );
}

export const backupScheduleRoutes: readonly Route[] = [
  createRoute,
  listRoute,
  getRoute,
  replaceRoute,
  deleteRoute,
  triggerRoute,
  switchRoute('pause', true),
  switchRoute('resume', false),
];
