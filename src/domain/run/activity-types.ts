import type { ScheduleTrigger } from '#domain/schedule/schedule-trigger.ts';
import type { FailureCode, FailureContext } from './failure.ts';
import type { RunInput } from './run-input.ts';
import type { OperationType, WholeRunActivity } from './operation.ts';

/** The facts of a run for its workflow: ids and words, never content. */
export interface BegunRun {
  readonly operationType: OperationType;
  readonly initiatorId: string;
  /** An earlier execution may have ended before the cancel request came. */
  readonly cancelRequested: boolean;
  readonly items: readonly BegunItem[];
  /** The parts of a backup to list; absent for other runs. */
  readonly parts?: readonly BackupPart[];
}

export interface BegunItem {
  readonly itemId: string;
  readonly policyType: string;
}

export interface ItemRef {
  readonly runId: string;
  readonly itemId: string;
}

/** The items of a run with ordinals from `from` up to but not including `to`. */
export interface ItemRange {
  readonly runId: string;
  readonly from: number;
  readonly to: number;
}

export interface ReportedFailure {
  readonly code: FailureCode;
  readonly context: FailureContext;
}

/** The end of a run as its workflow saw it. */
export type RunEnding =
  | { readonly kind: 'completed' }
  | { readonly kind: 'canceled' }
  | { readonly kind: 'failed'; readonly failure: ReportedFailure };

/** Activities that write the state of a run to Postgres; each is idempotent. */
export interface RunStateActivities {
  /** Records a cancel request on the row of the run; retries look there. */
  noteCancelRequest(input: { readonly runId: string }): Promise<void>;
  /** Moves the run to running and plans its items. Returns null for a finished run. */
  beginRun(input: Pick<RunInput, 'runId' | 'tenantId'>): Promise<BegunRun | null>;
  /** Records the final failure of an item. */
  failRunItem(input: ItemRef & { readonly failure: ReportedFailure }): Promise<void>;
  /** Records the final failure of every item of a range without an outcome. */
  failRunItems(input: ItemRange & { readonly failure: ReportedFailure }): Promise<void>;
  /** Closes the pending items and moves the run to its final status. */
  finishRun(input: { readonly runId: string; readonly ending: RunEnding }): Promise<void>;
  /** Compares active runs with Temporal, and closes or restarts the runs without a workflow. */
  reconcileRuns(): Promise<{ readonly closed: number; readonly dispatched: number }>;
}

/** The activity of a triggered schedule. */
export interface ScheduleTriggerActivities {
  /** Starts the run of a schedule or joins its active run. Returns null if the schedule is gone. */
  startScheduledBackup(trigger: ScheduleTrigger): Promise<{ readonly runId: string | null }>;
}

/** Rounds over all tenants; each is idempotent. */
export interface MaintenanceActivities {
  /** Compares backup schedules with Temporal's copies, repairs the copies, and records the next time of each schedule. */
  alignSchedules(): Promise<{ readonly seen: number; readonly mended: number }>;
  /** Deletes the backup sets past the retention of their schedules, with their unshared contents. */
  applyRetention(): Promise<{ readonly setsDeleted: number }>;
  /** Reads every stored content as a restore would, and records the damaged ones. */
  verifySnapshots(): Promise<{ readonly checked: number; readonly damaged: number }>;
}

/** Activities for whole operations, by the names in operation.ts. */
export type WholeRunActivities = Readonly<
  Record<WholeRunActivity, (input: { readonly runId: string }) => Promise<void>>
>;

/**
 * A part of a backup that one activity lists. Conditional access answers one request a second: the captures of Intune's
 * policies must not wait for it.
 */
export type BackupPart = 'intune' | 'identity';

/** The writes of a restore as ranges of numbers, never their content. */
export interface WriteOutline {
  /** The number of items to write; they are numbered from 0. */
  readonly items: number;
  /** The activity writes one group after the other, and the items of a group together. */
  readonly groups: readonly { readonly from: number; readonly to: number }[];
  /** The start-to-close time of an attempt at an item: shorter than the settle window. */
  readonly itemTimeoutMs: number;
}

/** Activities that plan a restore. They read the tenant and have no way to write to it. */
export interface PlanActivities {
  /** Plans the items, their objects in the tenant and their order; the same at every attempt. */
  planRestore(input: { readonly runId: string }): Promise<{ readonly items: number }>;
  /** Plans the items of a range. Checks items without changes in the preview again. */
  planItems(range: ItemRange): Promise<void>;
  /** Looks for a second object after every repeated create, and warns on its item. */
  findDuplicates(input: { readonly runId: string }): Promise<{ readonly found: number }>;
  /** Numbers the items to write, after all are planned; the same at every attempt. */
  outlineWrites(input: { readonly runId: string }): Promise<WriteOutline>;
}

/** Activities that write to a tenant. */
export interface RestoreActivities {
  /** Carries out the plan of one item and records its outcome. An attempt continues after the last step of the previous one. */
  restoreItem(input: { readonly runId: string; readonly number: number }): Promise<void>;
  /** Records the final failure of an item, unless it has an outcome. */
  failRestoreItem(input: {
    readonly runId: string;
    readonly number: number;
    readonly failure: ReportedFailure;
  }): Promise<void>;
}

/** Activities that read Microsoft Graph and record the results. */
export interface GraphActivities {
  /** Lists one policy type into the inventory; the type is an item of the run. */
  syncPolicyType(input: ItemRef): Promise<void>;
  /** Lists the groups of the directory into the cache; the run has one item for all groups. */
  syncGroups(input: ItemRef): Promise<void>;
  /** Captures the policy of an item as a snapshot. */
  capturePolicy(input: ItemRef): Promise<void>;
  /** Lists a part of a backup and plans its items. Returns the number of pending items. */
  planBackup(input: {
    readonly runId: string;
    readonly part: BackupPart;
  }): Promise<{ readonly planned: number }>;
  /** Plans the references of the captured items. Returns the number of planned items, earlier ones included. */
  planReferences(input: { readonly runId: string }): Promise<{ readonly planned: number }>;
  /** Captures the pending items of a range into their backup set. */
  captureItems(input: ItemRange): Promise<void>;
}
