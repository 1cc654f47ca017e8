import { driftScheduleInPath } from '#api/http/path-id.ts';
import type { Route } from '#api/http/route.ts';
import {
  readChosenSource,
  requireFinishedSet,
  unknownBackupSet,
} from '#api/restore/restore-source.ts';
import { holdBackupSet } from '#db/backup/backup-sets.ts';
import type { TenantTrx } from '#db/database.ts';
import {
  insertDriftSchedule,
  listDriftSchedules,
  replaceDriftSchedule,
} from '#db/schedule/drift-schedules.ts';
import { driftScheduleSchema, toDriftScheduleView } from './drift-schedule-view.ts';
import { driftDefinitionOf, driftScheduleBody } from './schedule-input.ts';
import { scheduleRoutes } from './schedule-routes.ts';

/** From here on retention sees the schedule, or the schedule sees that the set is going. */
async function hold(trx: TenantTrx, backupSetId: string): Promise<void> {
  if (!(await holdBackupSet(trx, backupSetId))) throw unknownBackupSet(backupSetId);
}

export const driftScheduleRoutes: readonly Route[] = scheduleRoutes({
  word: 'DriftSchedule',
  noun: 'schedule of drift checks',
  tag: 'Drift schedules',
  listPath: '/api/v1/tenants/{tenantId}/drift-schedules',
  pathId: driftScheduleInPath,
  body: driftScheduleBody,
  schema: driftScheduleSchema,
  problems: ['conflict'],
  view: toDriftScheduleView,
  requireOwn: async (deps, tenantId, { backupSetId }) =>
    requireFinishedSet(await readChosenSource(deps, tenantId, { backupSetId })),
  insert: async (trx, { id, createdBy, body }) => {
    await hold(trx, body.backupSetId);
    const definition = driftDefinitionOf(body);
    return insertDriftSchedule(trx, { id, createdBy, definition });
  },
  replace: async (trx, id, body) => {
    await hold(trx, body.backupSetId);
    return replaceDriftSchedule(trx, id, driftDefinitionOf(body));
  },
  list: listDriftSchedules,
});
