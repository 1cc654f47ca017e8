import { isParsedObject, type ParsedObject } from '#domain/json/parsed-object.ts';
import type { PlannedWrite } from '#domain/restore/planned-write.ts';
import { type Gap, idOf, listOf } from './gap.ts';
import { ownAssignments, sameAssignments } from './own-assignments.ts';
import { pair } from './pair.ts';
import { write } from './write.ts';

const names = ['children', 'items'];

/** Writes the items and the assignments of a policy set; one action takes both. */
export function policySetWrites(gap: Gap): PlannedWrite[] {
  const items = itemsOf(gap);
  const assignments = assignmentsOf(gap);
  const isChange = Object.values(items).some((list) => Array.isArray(list) && list.length > 0);
  if (!isChange && assignments === null) return [];
  const body = assignments === null ? items : { ...items, assignments };
  const repeatable = items['addedPolicySetItems']?.length === 0;
  return [{ ...write('policySetUpdate', 'POST', `${gap.path}/update`, body), repeatable }];
}

function itemsOf({ compare, desired, live }: Gap): Record<string, ParsedObject[string][]> {
  const wanted = listOf(desired, 'items') ?? listOf(live, 'items') ?? [];
  const { changed, missing, surplus } = pair(
    wanted,
    listOf(live, 'items') ?? [],
    (item) => compare.keyOf(names, item),
    (one, other) => compare.same(names, one, other),
  );
  return {
    addedPolicySetItems: missing.map((item) => compare.content(names, item)),
    updatedPolicySetItems: changed.map(({ desired: item, live: old }) => {
      const content = compare.content(names, item);
      return isParsedObject(content) ? { id: idOf(old), ...content } : content;
    }),
    deletedPolicySetItems: surplus.map(idOf),
  };
}

function assignmentsOf({ compare, desired, live }: Gap): ParsedObject[string][] | null {
  if (desired.assignments === null) return null;
  const wanted = ownAssignments(compare, desired.assignments);
  const there = ownAssignments(compare, live.assignments ?? []);
  return sameAssignments(compare, wanted, there) ? null : wanted;
}
