/** What the Temporal Schedule of a backup schedule hands to the workflow that it starts: ids only. */
export interface ScheduleTrigger {
  readonly scheduleId: string;
  readonly tenantId: string;
  /** Of the row that Temporal's copy was made from: tells whether the copy is still right. */
  readonly revision: string;
}
