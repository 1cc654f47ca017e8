import type { Change } from '#domain/diff/diff.ts';
import type { FailureCode } from '#domain/run/failure.ts';

/** The planned action for an item. Only undos delete, and only on request. */
export const plannedActions = ['create', 'update', 'none', 'blocked', 'delete'] as const;
export type PlannedAction = (typeof plannedActions)[number];

/** The administrator's options for a restore, besides the mapping of groups. */
export interface RestoreOptions {
  readonly allowBroadAssignments: boolean;
  readonly conditionalAccessState: 'asBackedUp' | null;
}

/** The way in which the tenant's object was found. */
export type FoundBy = 'id' | 'mapping' | 'name';

/** The tenant's object for an item. */
export type Target =
  | { readonly kind: 'exists'; readonly graphId: string; readonly foundBy: FoundBy }
  | { readonly kind: 'create' }
  /** Several objects have its name, without a distinction between them. */
  | { readonly kind: 'ambiguous'; readonly candidates: number };

/** The tenant's counterpart of a referenced object. */
export type ResolvedReference =
  | { readonly kind: 'exists'; readonly graphId: string; readonly foundBy: FoundBy }
  /** Another item of this restore creates it. */
  | { readonly kind: 'planned'; readonly itemId: string }
  | { readonly kind: 'missing' };

/** A reference of an item, as a preview shows it. */
export interface PlannedReference {
  readonly policyType: string;
  /** The id in the source. */
  readonly sourceGraphId: string;
  /** The id in the tenant; null if the object is missing or not created yet. */
  readonly graphId: string | null;
  readonly resolution: FoundBy | 'planned' | 'missing';
  /** The item of this restore that creates it. */
  readonly itemId: string | null;
}

/** An assignment as a preview shows it. */
export interface PlannedAssignment {
  /** The target's type without Graph's prefix: `groupAssignmentTarget`, `allDevicesAssignmentTarget`. */
  readonly target: string;
  readonly groupId: string | null;
  /** From the directory cache; null if the cache does not know the group. */
  readonly groupDisplayName: string | null;
  readonly filterId: string | null;
  readonly filterType: string | null;
  /** Apps only. */
  readonly intent: string | null;
}

export interface PlanWarning {
  readonly code: string;
  /** For people: ids and names of settings, never a value. */
  readonly message: string;
}

/** The plan for one item, with its reasons. */
export interface ItemPlan {
  readonly action: Exclude<PlannedAction, 'delete'>;
  readonly changes: readonly Change[];
  /**
   * The document to write, `{item, children, assignments}`, with the tenant's ids. An object without an id yet has its
   * {@link createdIdPlaceholder}. `assignments` is null if the restore leaves them alone. Empty in a stored plan
   * without writes.
   */
  readonly desired: string;
  /** {@link comparableHash} of the planned object as it was read; null if there was no object. */
  readonly liveHash: string | null;
  readonly references: readonly PlannedReference[];
  /** Null if the type has no assignments, or the backup does not know them. */
  readonly assignments: {
    readonly before: readonly PlannedAssignment[];
    readonly after: readonly PlannedAssignment[];
  } | null;
  /** The restore leaves the assignments alone: without the unmapped ones they would reach other people. */
  readonly assignmentsBlocked: boolean;
  readonly warnings: readonly PlanWarning[];
  /** The reason to leave the item alone; set exactly if the action is `blocked`. */
  readonly blockedBy: { readonly code: FailureCode; readonly message: string } | null;
}

const placeholderPrefix = 'tenantry:created:';

/** The placeholder in a planned document for the id of an object that another item has yet to create. */
export function createdIdPlaceholder(itemId: string): string {
  return `${placeholderPrefix}${itemId}`;
}
