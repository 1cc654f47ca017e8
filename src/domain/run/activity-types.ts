import type { ScheduleTrigger } from '#domain/schedule/schedule-trigger.ts';
import type { FailureCode, FailureContext } from './failure.ts';
import type { RunInput } from './run-input.ts';
import type { OperationType, WholeRunActivity } from './operation.ts';

/** What a workflow learns of its run when it begins: ids and words, never content. */
export interface BegunRun {
  readonly operationType: OperationType;
  readonly initiatorId: string;
  /** Whether somebody has asked for its end already: an earlier execution may have gone before the request came. */
  readonly cancelRequested: boolean;
  readonly items: readonly BegunItem[];
  /** What is to be listed of a backup; absent for other runs. */
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

/** The items of a run with ordinals from `from` up to, without, `to`. */
export interface ItemRange {
  readonly runId: string;
  readonly from: number;
  readonly to: number;
}

export interface ReportedFailure {
  readonly code: FailureCode;
  readonly context: FailureContext;
}

/** How the work of a run ended, as its workflow saw it. */
export type RunEnding =
  | { readonly kind: 'completed' }
  | { readonly kind: 'canceled' }
  | { readonly kind: 'failed'; readonly failure: ReportedFailure };

/** Activities that write the state of a run to Postgres; each is idempotent. */
export interface RunStateActivities {
  /** Notes that somebody asked for the end of a run: what is retried looks there. */
  noteCancelRequest(input: { readonly runId: string }): Promise<void>;
  /** Moves the run to running and plans its items. Null when the run has ended already: then there is nothing to do. */
  beginRun(input: Pick<RunInput, 'runId' | 'tenantId'>): Promise<BegunRun | null>;
  /** Records that an item has failed for good. */
  failRunItem(input: ItemRef & { readonly failure: ReportedFailure }): Promise<void>;
  /** Records that the items of a range which have no outcome yet have failed for good. */
  failRunItems(input: ItemRange & { readonly failure: ReportedFailure }): Promise<void>;
  /** Closes what is pending and moves the run to its final status. */
  finishRun(input: { readonly runId: string; readonly ending: RunEnding }): Promise<void>;
  /** Compares active runs with Temporal, and closes or starts again those whose workflow is gone. */
  reconcileRuns(): Promise<{ readonly closed: number; readonly dispatched: number }>;
}

/** The activity of a triggered schedule. */
export interface ScheduleTriggerActivities {
  /** Starts the run of a schedule or joins the one that still goes on; null when there is no such schedule any more. */
  startScheduledBackup(trigger: ScheduleTrigger): Promise<{ readonly runId: string | null }>;
}

/** Rounds over all tenants; each may be repeated at any time. */
export interface MaintenanceActivities {
  /** Compares backup schedules with Temporal's copies of them, mends these, and notes when each runs next. */
  alignSchedules(): Promise<{ readonly seen: number; readonly mended: number }>;
  /** Deletes the backup sets that their schedules no longer keep, and what nothing else uses of them. */
  applyRetention(): Promise<{ readonly setsDeleted: number }>;
  /** Reads every stored content as a restore would, and notes which are no longer what was kept. */
  verifySnapshots(): Promise<{ readonly checked: number; readonly damaged: number }>;
}

/** Activities that each carry out a whole operation, by the names in operation.ts. */
export type WholeRunActivities = Readonly<
  Record<WholeRunActivity, (input: { readonly runId: string }) => Promise<void>>
>;

/**
 * What of a backup is listed by one activity. Conditional access answers one request a second: the captures of what
 * Intune has must not wait for it.
 */
export type BackupPart = 'intune' | 'identity';

/** What a restore has to write: ranges of numbers, never what is in them. */
export interface WriteOutline {
  /** How many items there is something to do with; they are numbered from 0. */
  readonly items: number;
  /** Which of them are written together, one group after the other. */
  readonly groups: readonly { readonly from: number; readonly to: number }[];
  /** The start-to-close time of an attempt at an item: shorter than the settle window. */
  readonly itemTimeoutMs: number;
}

/** Activities that read a tenant to plan a restore. They have no way to write to it. */
export interface PlanActivities {
  /** Finds out which items there are, for which objects of the tenant, and in which order; the same at every attempt. */
  planRestore(input: { readonly runId: string }): Promise<{ readonly items: number }>;
  /** Plans the items of a range; where a preview has planned them, sees whether what needed nothing still does not. */
  planItems(range: ItemRange): Promise<void>;
  /** Looks once more where a create had to be sent again; a second object becomes a warning of its item. */
  findDuplicates(input: { readonly runId: string }): Promise<{ readonly found: number }>;
  /** Numbers the items that are left to be written once all are planned; the same at every attempt. */
  outlineWrites(input: { readonly runId: string }): Promise<WriteOutline>;
}

/** Activities that write to a tenant. */
export interface RestoreActivities {
  /** Carries out what is planned for one item, and records its outcome. An attempt goes on where the last one has come. */
  restoreItem(input: { readonly runId: string; readonly number: number }): Promise<void>;
  /** Records that an item has failed for good, unless it has an outcome. */
  failRestoreItem(input: {
    readonly runId: string;
    readonly number: number;
    readonly failure: ReportedFailure;
  }): Promise<void>;
}

/** Activities that read Microsoft Graph and record what came of it. */
export interface GraphActivities {
  /** Lists one policy type into the inventory; the item of the run is that type. */
  syncPolicyType(input: ItemRef): Promise<void>;
  /** Lists the groups of the directory into the cache; the item of the run stands for all of them. */
  syncGroups(input: ItemRef): Promise<void>;
  /** Captures the policy of an item as a snapshot. */
  capturePolicy(input: ItemRef): Promise<void>;
  /** Lists a part of what a backup is to hold and plans its items; returns how many wait to be captured by now. */
  planBackup(input: {
    readonly runId: string;
    readonly part: BackupPart;
  }): Promise<{ readonly planned: number }>;
  /** Plans what the captured items refer to; returns how many items the run has to capture by now, earlier ones included. */
  planReferences(input: { readonly runId: string }): Promise<{ readonly planned: number }>;
  /** Captures the pending items of a range into their backup set. */
  captureItems(input: ItemRange): Promise<void>;
}
