import { type Change, diffDocuments } from '#domain/diff/diff.ts';
import { diffRulesOf } from '#domain/diff/rules.ts';
import { sameId } from '#domain/identity/graph-id.ts';
import { documentText, type PolicyDocument } from '#domain/json/policy-document.ts';
import type { PolicyType } from '#domain/policy-types/policy-type.ts';
import { filterRule, referenceIn } from '#domain/policy-types/reference-rules.ts';
import { filterOf, plannedAssignments, targetOf } from '#domain/restore/assignment-target.ts';
import { comparableHash } from '#domain/restore/comparable-hash.ts';
import { comparableAssignments, directAssignments } from '#domain/restore/direct-assignments.ts';
import { type Block, blockOf } from '#domain/restore/mapping/findings.ts';
import { remap, type Remapped } from '#domain/restore/mapping/remap.ts';
import { maskedPlaces } from '#domain/restore/masked-secrets.ts';
import type { ItemPlan, ResolvedReference, RestoreOptions, Target } from '#domain/restore/plan.ts';
import type { PlannedWrite } from '#domain/restore/planned-write.ts';
import { remainingWrites } from '#domain/restore/writes/remaining-writes.ts';
import { withGuard } from './guarded-property.ts';
import { neededSecrets } from './held-secrets.ts';
import { isInPlace, tenantBlock } from './tenant-bound.ts';
import { writableChanges } from './writable-changes.ts';

/** All that the plan of an item depends on. */
export interface PlanInput {
  readonly policyType: PolicyType;
  /** The document of the backup. */
  readonly source: PolicyDocument;
  /** The document of the object that the item is for, as it is now; null where there is none. */
  readonly live: PolicyDocument | null;
  readonly target: Target;
  /** Whether the backup is of this tenant. */
  readonly sameTenant: boolean;
  /** Whether this puts back what a restore has changed; then a guarded property, too, gets the value that it had. */
  readonly isUndo?: boolean;
  /** Is asked with ids of the source in lower case. */
  readonly resolve: (policyType: string, sourceGraphId: string) => ResolvedReference;
  /** Is asked with ids of the source in lower case. */
  readonly groupOf: (sourceGroupId: string) => string | null;
  /** Takes the id of a group of this tenant. */
  readonly groupNameOf: (groupId: string) => string | null;
  readonly options: RestoreOptions;
}

/** What is wanted of an item and what there is of it. */
interface Gap {
  readonly desired: PolicyDocument;
  readonly live: PolicyDocument | null;
  /** The requests that lie between; none where Graph offers no way. */
  readonly writes: readonly PlannedWrite[];
  readonly found: readonly Change[];
}

/**
 * Plans one item: what is to be written, what that changes, and whether it may be done at all. It reads and writes
 * nothing. Where nothing differs there is nothing to be done, whatever might stand against doing it.
 */
export function planItem(input: PlanInput): ItemPlan {
  const { live, options, policyType, source } = input;
  const { restore } = policyType;
  const remapped = remapItem(input);
  const isGuarded = input.isUndo !== true;
  const guarded = withGuard(isGuarded ? restore : null, remapped.document, live, options);
  const gap = gapOf(input, guarded.document);
  const blockedBy = blockOfItem(input, gap, remapped);
  const action = actionOf(gap, blockedBy);
  const sorted =
    restore === null
      ? { changes: gap.found, warnings: [] }
      : writableChanges({
          ...gap,
          rule: restore,
          masked: action === 'blocked' ? [] : maskedPlaces(gap.desired, policyType),
          writes: action !== 'none',
        });
  return {
    action,
    changes: sorted.changes,
    desired: documentText(gap.desired),
    liveHash: live === null ? null : comparableHash(live, policyType),
    references: remapped.findings.references,
    assignments: source.assignments === null ? null : assignmentsOf(input, gap),
    assignmentsBlocked: remapped.assignmentsBlocked,
    warnings: [...remapped.findings.warnings, ...guarded.warnings, ...sorted.warnings],
    blockedBy,
  };
}

function remapItem(input: PlanInput): Remapped {
  const { live, options, policyType, sameTenant, source } = input;
  const how = policyType.assignments?.write.by ?? 'none';
  // Assignments that are as they were need no group, not even one that has gone since.
  const differ =
    !sameTenant ||
    live === null ||
    !areAssignedAlike(policyType, source, live) ||
    hasMovedFilter(source, input.resolve);
  return remap({
    ...input,
    allowBroadAssignments: options.allowBroadAssignments,
    isAsBackedUp: sameTenant && live !== null && isContentAlike(policyType, source, live),
    withAssignments: how !== 'none' && !isInPlace(policyType, source) && differ,
  });
}

/** Whether another object stands for a filter by now: the assignments still name the one that is no more. */
function hasMovedFilter({ assignments }: PolicyDocument, resolve: PlanInput['resolve']): boolean {
  return (assignments ?? []).some((assignment) => {
    const { id } = filterOf(targetOf(assignment));
    const reference = id === null ? null : referenceIn(id, filterRule.prefixes);
    if (reference === null) return false;
    const now = resolve(filterRule.policyType, reference.id.toLowerCase());
    return now.kind === 'planned' || (now.kind === 'exists' && !sameId(now.graphId, reference.id));
  });
}

function areAssignedAlike(
  { type }: PolicyType,
  source: PolicyDocument,
  live: PolicyDocument,
): boolean {
  if (source.assignments === null || live.assignments === null) return false;
  const only = ({ assignments }: PolicyDocument) => comparable({ ...nothing, assignments });
  return diffDocuments(only(source), only(live), diffRulesOf(type)).length === 0;
}

function isContentAlike(
  { type }: PolicyType,
  source: PolicyDocument,
  live: PolicyDocument,
): boolean {
  const only = (document: PolicyDocument) => ({ ...document, assignments: [] });
  return diffDocuments(only(source), only(live), diffRulesOf(type)).length === 0;
}

const nothing: PolicyDocument = { item: {}, children: {}, assignments: [] };

function gapOf({ live, policyType, target }: PlanInput, desired: PolicyDocument): Gap {
  // Which of several objects is meant nobody knows, so there is nothing to compare with.
  if (target.kind === 'ambiguous') return { desired, live, writes: [], found: [] };
  const rules = diffRulesOf(policyType.type);
  return {
    desired,
    live,
    writes: remainingWrites(policyType, desired, live),
    found: diffDocuments(comparable(live ?? nothing), comparable(desired), rules),
  };
}

function comparable(document: PolicyDocument): PolicyDocument {
  const { assignments } = document;
  return {
    ...document,
    assignments: assignments === null ? null : comparableAssignments(assignments),
  };
}

/** Why the item is left alone; null where it is not, or where there is nothing to be done in any case. */
function blockOfItem(
  { policyType, sameTenant, target }: PlanInput,
  { desired, live, writes, found }: Gap,
  { findings }: Remapped,
): Block | null {
  if (target.kind === 'ambiguous') {
    return blockOf('ambiguous_target', `${target.candidates} candidates`);
  }
  if (policyType.restore === null) return found.length === 0 ? null : blockOf('not_restorable');
  const block = tenantBlock(policyType, desired, live, sameTenant) ?? findings.blockedBy;
  if (block !== null && (live === null || writes.length > 0)) return block;
  const secrets = neededSecrets(policyType, desired, live, writes);
  return secrets.length === 0 ? null : blockOf('needs_secret', secrets.join(', '));
}

function actionOf({ live, writes }: Gap, blockedBy: Block | null): ItemPlan['action'] {
  if (blockedBy !== null) return 'blocked';
  if (live === null) return 'create';
  return writes.length > 0 ? 'update' : 'none';
}

function assignmentsOf(
  { policyType, groupNameOf }: PlanInput,
  { desired, live }: Gap,
): ItemPlan['assignments'] {
  if (policyType.assignments === null) return null;
  const before = plannedAssignments(directAssignments(live?.assignments ?? []), groupNameOf);
  const { assignments } = desired;
  const after = assignments === null ? before : plannedAssignments(assignments, groupNameOf);
  return { before, after };
}
