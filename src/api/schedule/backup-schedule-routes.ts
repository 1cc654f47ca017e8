import { requireOwnPolicies } from '#api/backup/backup-selection.ts';
import { backupScheduleInPath } from '#api/http/path-id.ts';
import type { Route } from '#api/http/route.ts';
import {
  insertBackupSchedule,
  listBackupSchedules,
  replaceBackupSchedule,
} from '#db/schedule/backup-schedules.ts';
import { backupScheduleSchema, toBackupScheduleView } from './backup-schedule-view.ts';
import { backupScheduleBody, backupDefinitionOf } from './schedule-input.ts';
import { scheduleRoutes } from './schedule-routes.ts';

export const backupScheduleRoutes: readonly Route[] = scheduleRoutes({
  word: 'BackupSchedule',
  noun: 'backup schedule',
  tag: 'Backup schedules',
  listPath: '/api/v1/tenants/{tenantId}/backup-schedules',
  pathId: backupScheduleInPath,
  body: backupScheduleBody,
  schema: backupScheduleSchema,
  problems: [],
  view: toBackupScheduleView,
  requireOwn: (deps, tenantId, { selection }) =>
    requireOwnPolicies(deps, tenantId, selection.policyIds, 'selection.policyIds'),
  insert: (trx, { id, createdBy, body }) =>
    insertBackupSchedule(trx, { id, createdBy, definition: backupDefinitionOf(body) }),
  replace: (trx, id, body) => replaceBackupSchedule(trx, id, backupDefinitionOf(body)),
  list: listBackupSchedules,
});
