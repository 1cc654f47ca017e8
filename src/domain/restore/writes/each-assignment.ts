import type { Parsed } from '#domain/json/json-literals.ts';
import { isParsedObject, ownMember, ownText } from '#domain/json/parsed-object.ts';
import { isExclusion, targetOf } from '#domain/restore/assignment-target.ts';
import type { PlannedWrite } from '#domain/restore/planned-write.ts';
import { type Gap, idOf } from './gap.ts';
import { ownAssignments, sameAssignments, targetKey } from './own-assignments.ts';
import { pair } from './pair.ts';
import { addition, removal } from './write.ts';

/**
 * Writes assignments one by one. The order never reaches people between the writes whom neither set reaches: inclusions
 * are removed first and added late, exclusions are added early and removed last.
 */
export function eachAssignmentWrites(gap: Gap, wanted: readonly Parsed[]): PlannedWrite[] {
  const { compare, live, path } = gap;
  const there = (live.assignments ?? []).filter(isDirect);
  const { changed, missing, surplus } = pair(wanted, there, targetKey, (one, other) =>
    sameAssignments(compare, [one], ownAssignments(compare, [other])),
  );
  const added = [...missing, ...changed.map(({ desired }) => desired)];
  const gone = [...surplus, ...changed.map(({ live: old }) => old)];
  const included = new Set(added.filter((each) => !excludes(each)).map(groupOf));
  // A group has only one assignment, so the new one waits for the removal of the old one.
  const isLate = (each: Parsed) => excludes(each) && !included.has(groupOf(each));
  const address = `${path}/assignments`;
  const add = (each: Parsed) =>
    addition(`assignments:${targetKey(each)}`, address, isParsedObject(each) ? each : {});
  const remove = (each: Parsed) =>
    removal(`unassign:${idOf(each)}`, `${address}/${encodeURIComponent(idOf(each))}`);
  return [
    ...gone.filter((each) => !isLate(each)).map(remove),
    ...added.filter(excludes).map(add),
    ...added.filter((each) => !excludes(each)).map(add),
    ...gone.filter(isLate).map(remove),
  ];
}

function excludes(assignment: Parsed): boolean {
  return isExclusion(targetOf(assignment));
}

function isDirect(assignment: Parsed): boolean {
  return isParsedObject(assignment) && ownMember(assignment, 'source') !== 'policySets';
}

function groupOf(assignment: Parsed): string | null {
  return ownText(targetOf(assignment), 'groupId');
}
