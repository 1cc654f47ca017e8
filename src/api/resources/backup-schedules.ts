import {
  insertBackupSchedule,
  listBackupSchedules,
  replaceBackupSchedule,
} from '../../db/backup-schedules.ts';
import { requireOwnPolicies } from '../backup-selection.ts';
import { backupScheduleInPath } from '../path-id.ts';
import type { Route } from '../route.ts';
import { backupScheduleBody, backupDefinitionOf } from '../schedule-input.ts';
import { scheduleRoutes } from '../schedule-routes.ts';
import { backupScheduleSchema, toBackupScheduleView } from '../views/backup-schedule-view.ts';

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
  insert: (trx, tenantId, { id, createdBy, body }) =>
    insertBackupSchedule(trx, tenantId, { id, createdBy, definition: backupDefinitionOf(body) }),
  replace: (trx, tenantId, id, body) =>
    replaceBackupSchedule(trx, tenantId, id, backupDefinitionOf(body)),
  list: listBackupSchedules,
});
