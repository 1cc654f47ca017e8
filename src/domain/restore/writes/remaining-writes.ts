import type { PolicyType } from '#domain/policy-types/policy-type.ts';
import type { PlannedWrite } from '#domain/restore/planned-write.ts';
import type { PolicyDocument } from '#domain/json/policy-document.ts';
import { assignmentWrites } from './assignment-writes.ts';
import { createWrite } from './create-write.ts';
import { createGap, type Gap } from './gap.ts';
import { priorityWrites, stepWrites } from './step-writes.ts';
import { updateWrites } from './update-write.ts';

/**
 * The requests that turn the live object into the desired one, in the order of sending: content, references,
 * assignments, priority. Both documents hold the ids of the tenant; if the live one is null, the first request creates
 * the object. A difference that Graph cannot write makes no request, so none is left after all have been carried out.
 */
export function remainingWrites(
  policyType: PolicyType,
  desired: PolicyDocument,
  live: PolicyDocument | null,
): readonly PlannedWrite[] {
  const rule = policyType.restore;
  if (rule === null) return [];
  if (live !== null) return withDistinctNames(changes(createGap(policyType, rule, desired, live)));
  const { made, write } = createWrite(createGap(policyType, rule, desired, nothing));
  const left = changes(createGap(policyType, rule, desired, made));
  return withDistinctNames([write, ...left]);
}

const nothing: PolicyDocument = { item: {}, children: {}, assignments: null };

function changes(gap: Gap): PlannedWrite[] {
  return [
    ...updateWrites(gap),
    ...gap.rule.steps.flatMap((step) => stepWrites(gap, step)),
    ...assignmentWrites(gap),
    ...priorityWrites(gap),
  ];
}

/** Gives each write its own name: repeated names are numbered. */
function withDistinctNames(writes: readonly PlannedWrite[]): PlannedWrite[] {
  const seen = new Map<string, number>();
  return writes.map((write) => {
    const count = (seen.get(write.name) ?? 0) + 1;
    seen.set(write.name, count);
    return count === 1 ? write : { ...write, name: `${write.name}#${count}` };
  });
}
