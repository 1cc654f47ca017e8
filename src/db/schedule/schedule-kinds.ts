import type { BackupScheduleRow, DriftScheduleRow, ScheduleRow } from '#db/tables.ts';

/** Whether a schedule backs up a selection. */
export function isBackupSchedule<Row extends ScheduleRow>(
  row: Row,
): row is Row & BackupScheduleRow {
  return row.selection !== null;
}

/** Whether a schedule compares a backup set with the tenant. */
export function isDriftSchedule<Row extends ScheduleRow>(row: Row): row is Row & DriftScheduleRow {
  return row.backup_set_id !== null;
}

/** What a schedule is called in the audit trail. */
export function scheduleNoun(row: ScheduleRow): 'backup_schedule' | 'drift_schedule' {
  return isDriftSchedule(row) ? 'drift_schedule' : 'backup_schedule';
}
