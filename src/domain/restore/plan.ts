import type { Change } from '#domain/diff/diff.ts';
import type { FailureCode } from '#domain/run/failure.ts';

/** What a plan means to do with an item. Only undos delete, and only when they are told to. */
export const plannedActions = ['create', 'update', 'none', 'blocked', 'delete'] as const;
export type PlannedAction = (typeof plannedActions)[number];

/** What an administrator has allowed for a restore, beside its mapping of groups. */
export interface RestoreOptions {
  readonly allowBroadAssignments: boolean;
  readonly conditionalAccessState: 'asBackedUp' | null;
}

/** How an object of the tenant was found to stand for one of the backup. */
export type FoundBy = 'id' | 'mapping' | 'name';

/** The object of the tenant that an item is written to. */
export type Target =
  | { readonly kind: 'exists'; readonly graphId: string; readonly foundBy: FoundBy }
  | { readonly kind: 'create' }
  /** Several have its name, and nothing tells which of them it is. */
  | { readonly kind: 'ambiguous'; readonly candidates: number };

/** What stands in the tenant for an object that a policy refers to. */
export type ResolvedReference =
  | { readonly kind: 'exists'; readonly graphId: string; readonly foundBy: FoundBy }
  /** Another item of this restore makes it. */
  | { readonly kind: 'planned'; readonly itemId: string }
  | { readonly kind: 'missing' };

/** A reference of an item, as a preview shows it. */
export interface PlannedReference {
  readonly policyType: string;
  /** The id in the source. */
  readonly sourceGraphId: string;
  /** The id in the tenant; null where it is missing or not there yet. */
  readonly graphId: string | null;
  readonly resolution: FoundBy | 'planned' | 'missing';
  /** The item of this restore that makes it. */
  readonly itemId: string | null;
}

/** An assignment as a preview shows it. */
export interface PlannedAssignment {
  /** The target's type without Graph's prefix: `groupAssignmentTarget`, `allDevicesAssignmentTarget`. */
  readonly target: string;
  readonly groupId: string | null;
  /** From the directory cache; null where it is not known. */
  readonly groupDisplayName: string | null;
  readonly filterId: string | null;
  readonly filterType: string | null;
  /** Of apps alone. */
  readonly intent: string | null;
}

export interface PlanWarning {
  readonly code: string;
  /** For people; ids and names of settings, never a value. */
  readonly message: string;
}

/** What is to be done with one item, and why. */
export interface ItemPlan {
  readonly action: Exclude<PlannedAction, 'delete'>;
  readonly changes: readonly Change[];
  /**
   * The document to be written, `{item, children, assignments}`, with the ids of the tenant in it. Where an object has
   * no id yet stands {@link createdIdPlaceholder}. `assignments` is null where they are to be left as they are. Empty
   * in a plan that is kept and has nothing to write.
   */
  readonly desired: string;
  /** {@link comparableHash} of the live object that the plan was made against; null where there was none. */
  readonly liveHash: string | null;
  readonly references: readonly PlannedReference[];
  /** Null where the type has no assignments, or the backup does not know them. */
  readonly assignments: {
    readonly before: readonly PlannedAssignment[];
    readonly after: readonly PlannedAssignment[];
  } | null;
  /** The assignments are left as they are, since written without what is unmapped they would reach others. */
  readonly assignmentsBlocked: boolean;
  readonly warnings: readonly PlanWarning[];
  /** Why the item is left alone; set exactly when the action is `blocked`. */
  readonly blockedBy: { readonly code: FailureCode; readonly message: string } | null;
}

const placeholderPrefix = 'tenantry:created:';

/** What stands in a planned document for the id of an object that another item of the restore has yet to make. */
export function createdIdPlaceholder(itemId: string): string {
  return `${placeholderPrefix}${itemId}`;
}
