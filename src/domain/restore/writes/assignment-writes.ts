import type { PlannedWrite } from '#domain/restore/planned-write.ts';
import { eachAssignmentWrites } from './each-assignment.ts';
import type { Gap } from './gap.ts';
import { ownAssignments, sameAssignments } from './own-assignments.ts';
import { policySetWrites } from './policy-set-writes.ts';
import { write } from './write.ts';

/** The writes for the assignments; empty if the restore leaves them alone. */
export function assignmentWrites(gap: Gap): PlannedWrite[] {
  const { compare, desired, inPlace, live, path, type } = gap;
  const rule = type.assignments?.write;
  if (rule?.by === 'policySetUpdate') return policySetWrites(gap);
  if (rule === undefined || rule.by === 'none' || inPlace || desired.assignments === null) {
    return [];
  }
  const wanted = ownAssignments(compare, desired.assignments);
  if (rule.by === 'each') return eachAssignmentWrites(gap, wanted);
  const there = ownAssignments(compare, live.assignments ?? []);
  if (sameAssignments(compare, wanted, there)) return [];
  return [write('assign', 'POST', `${path}/${rule.action}`, { [rule.key]: wanted })];
}
