/** The argument that a Temporal Schedule passes to its workflow: ids only. */
export interface ScheduleTrigger {
  readonly scheduleId: string;
  readonly tenantId: string;
  /** The row's revision at the time of the copy to Temporal; it shows if the copy is current. */
  readonly revision: string;
}
