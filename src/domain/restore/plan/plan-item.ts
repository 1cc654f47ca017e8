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

/** The inputs for the plan of an item. */
export interface PlanInput {
  readonly policyType: PolicyType;
  /** The document of the backup. */
  readonly source: PolicyDocument;
  /** The document of the live object; null if there is no object. */
  readonly live: PolicyDocument | null;
  readonly target: Target;
  /** True if the backup is of this tenant. */
  readonly sameTenant: boolean;
  /** True for an undo. It also puts back the value of a guarded property. */
  readonly isUndo?: boolean;
  /** Ids of the source come in lower case. */
  readonly resolve: (policyType: string, sourceGraphId: string) => ResolvedReference;
  /** Ids of the source come in lower case. */
  readonly groupOf: (sourceGroupId: string) => string | null;
  /** For the id of a group of this tenant. */
  readonly groupNameOf: (groupId: string) => string | null;
  readonly options: RestoreOptions;
}

/** The desired and the live state of an item. */
interface Gap {
  readonly desired: PolicyDocument;
  readonly live: PolicyDocument | null;
  /** The requests between the two; empty if Graph offers no way. */
  readonly writes: readonly PlannedWrite[];
  readonly found: readonly Change[];
}

/**
 * Plans one item: the document to write, the changes, and the reasons against them. It is pure. Without a difference
 * the plan is to do nothing, even if the item could not be written.
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
  // Unchanged assignments need no group, not even a deleted one.
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

/** True if a filter has another counterpart by now: the live assignments still name the old filter. */
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
  // An ambiguous target has no object to compare with.
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

/** The reason to leave the item alone; null if there is no reason, or no difference. */
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
