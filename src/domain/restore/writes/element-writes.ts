import type { Parsed } from '#domain/json/json-literals.ts';
import { isParsedObject, type ParsedObject } from '#domain/json/parsed-object.ts';
import type { RestoreStep } from '#domain/policy-types/restore-rule.ts';
import type { PlannedWrite } from '#domain/restore/planned-write.ts';
import { type Gap, holds, idOf, listOf } from './gap.ts';
import { pair } from './pair.ts';
import { addition, removal, write } from './write.ts';

/** Writes the elements of a child one by one: additions, changes, then removals. */
export function elementWrites(
  { compare, desired, live, path }: Gap,
  { child, first, fixed }: Extract<RestoreStep, { step: 'postEach' }>,
): PlannedWrite[] {
  const wanted = listOf(desired, child);
  if (wanted === null) return [];
  const names = ['children', child];
  const keyOf = (element: Parsed) => compare.keyOf(names, element);
  const { changed, missing, surplus } = pair(
    wanted,
    listOf(live, child) ?? [],
    keyOf,
    (one, other) => compare.same(names, one, other),
  );
  const isFirst = (element: Parsed) => isParsedObject(element) && holds(element, first);
  const ordered = [...missing.filter(isFirst), ...missing.filter((each) => !isFirst(each))];
  const at = (element: Parsed) => `${path}/${child}/${encodeURIComponent(idOf(element))}`;
  const bodyOf = (element: Parsed): ParsedObject => {
    const content = compare.content(names, element);
    return isParsedObject(content) ? content : {};
  };
  return [
    ...ordered.map((element) =>
      addition(`${child}:${keyOf(element)}`, `${path}/${child}`, bodyOf(element)),
    ),
    ...changed.map(({ desired: element, live: old }) =>
      write(`${child}:${keyOf(element)}:change`, 'PATCH', at(old), without(bodyOf(element), fixed)),
    ),
    ...surplus.map((element) => removal(`${child}:${keyOf(element)}:remove`, at(element))),
  ];
}

function without(body: ParsedObject, names: readonly string[]): ParsedObject {
  return Object.fromEntries(Object.entries(body).filter(([name]) => !names.includes(name)));
}
