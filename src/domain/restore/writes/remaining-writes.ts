import type { PolicyType } from '#domain/policy-types/policy-type.ts';
import type { PlannedWrite } from '#domain/restore/planned-write.ts';
import { parseDocument } from '#domain/restore/policy-document.ts';
import { assignmentWrites } from './assignment-writes.ts';
import { createWrite } from './create-write.ts';
import { createGap, type Gap } from './gap.ts';
import { priorityWrites, stepWrites } from './step-writes.ts';
import { updateWrites } from './update-write.ts';

/**
 * The requests that still separate an object of the tenant from what is wanted of it, in the order in which they have
 * to be sent: content, references, assignments, priority. Takes the wanted document with the tenant's ids in it, and
 * the live one; null where the object has yet to be made, which the first write does. What differs and cannot be
 * written is no write, so that nothing is left when all of them have been carried out.
 * Throws JsonTextError for what is nested too deeply, SyntaxError for what is no document.
 */
export function remainingWrites(
  policyType: PolicyType,
  desired: string,
  live: string | null,
): readonly PlannedWrite[] {
  const rule = policyType.restore;
  if (rule === null) return [];
  const wanted = parseDocument(desired);
  if (live !== null) {
    return withDistinctNames(changes(createGap(policyType, rule, wanted, parseDocument(live))));
  }
  const { made, write } = createWrite(createGap(policyType, rule, wanted, nothing));
  const left = changes(createGap(policyType, rule, wanted, made));
  return withDistinctNames([write, ...left]);
}

const nothing = { item: {}, children: {}, assignments: null };

function changes(gap: Gap): PlannedWrite[] {
  return [
    ...updateWrites(gap),
    ...gap.rule.steps.flatMap((step) => stepWrites(gap, step)),
    ...assignmentWrites(gap),
    ...priorityWrites(gap),
  ];
}

/** Each write under a name of its own: what repeats one is numbered. */
function withDistinctNames(writes: readonly PlannedWrite[]): PlannedWrite[] {
  const seen = new Map<string, number>();
  return writes.map((write) => {
    const count = (seen.get(write.name) ?? 0) + 1;
    seen.set(write.name, count);
    return count === 1 ? write : { ...write, name: `${write.name}#${count}` };
  });
}
