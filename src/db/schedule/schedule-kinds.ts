import type { BackupScheduleRow, DriftScheduleRow, ScheduleRow } from '#db/tables.ts';

/** A schedule backs up a selection, or compares a backup set with the tenant; a check of the table keeps the two apart. */
export interface RowOfKind {
  readonly backup: BackupScheduleRow;
  readonly drift: DriftScheduleRow;
}

export type ScheduleKind = keyof RowOfKind;

/** Whether a schedule is of a kind. */
export function isScheduleOf<Kind extends ScheduleKind, Row extends ScheduleRow>(
  kind: Kind,
  row: Row,
): row is Row & RowOfKind[Kind] {
  return (kind === 'drift' ? row.backup_set_id : row.selection) !== null;
}

/** The name of a schedule's kind in the audit trail. */
export function scheduleNoun(row: ScheduleRow): 'backup_schedule' | 'drift_schedule' {
  return isScheduleOf('drift', row) ? 'drift_schedule' : 'backup_schedule';
}
