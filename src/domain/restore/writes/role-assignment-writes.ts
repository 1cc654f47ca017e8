import type { Parsed } from '#domain/json/json-literals.ts';
import {
  isParsedObject,
  ownMember,
  ownText,
  type ParsedObject,
  withoutKeys,
} from '#domain/json/parsed-object.ts';
import type { RestoreStep } from '#domain/policy-types/restore-rule.ts';
import type { PlannedWrite } from '#domain/restore/planned-write.ts';
import { type Gap, idOf, listOf } from './gap.ts';
import { objectUrl, ownObjectUrl } from './graph-url.ts';
import { pair } from './pair.ts';
import { addition, removal, write } from './write.ts';

const assignments = '/deviceManagement/roleAssignments';
const tags = 'roleScopeTags';

/** Writes the assignments of a role: they form a collection of their own, each bound to its role. */
export function roleAssignmentWrites(
  { compare, desired, live, type }: Gap,
  { child, nested }: Extract<RestoreStep, { step: 'roleAssignments' }>,
): PlannedWrite[] {
  const details = (elements: readonly Parsed[] | null) =>
    (elements ?? []).flatMap((element) => detailOf(element, nested));
  if (listOf(desired, child) === null) return [];
  const names = ['children', child, nested];
  const { changed, missing, surplus } = pair(
    details(listOf(desired, child)),
    details(listOf(live, child)),
    nameOf,
    (one, other) => compare.same(names, comparable(one), comparable(other)),
  );
  const bodyOf = (detail: Parsed): ParsedObject => {
    const content = compare.content(names, own(detail));
    const links = tagIds(detail).map((id) => objectUrl('/deviceManagement/roleScopeTags', id));
    return { ...(isParsedObject(content) ? content : {}), [`${tags}@odata.bind`]: links };
  };
  const role = {
    'roleDefinition@odata.bind': ownObjectUrl(type.collection),
  };
  const at = (detail: Parsed) => `${assignments}/${encodeURIComponent(idOf(detail))}`;
  return [
    ...missing.map((detail) =>
      addition(`roleAssignments:${nameOf(detail)}`, assignments, { ...bodyOf(detail), ...role }),
    ),
    ...changed.map((each) =>
      write(
        `roleAssignments:${nameOf(each.desired)}:change`,
        'PATCH',
        at(each.live),
        bodyOf(each.desired),
      ),
    ),
    ...surplus.map((detail) => removal(`roleAssignments:${nameOf(detail)}:remove`, at(detail))),
  ];
}

/** The content of an assignment's single read, because the list omits its members. */
function detailOf(element: Parsed, nested: string): Parsed[] {
  const detail = isParsedObject(element) ? ownMember(element, nested) : undefined;
  return isParsedObject(detail) ? [detail] : [];
}

function nameOf(detail: Parsed): string {
  return (isParsedObject(detail) ? ownText(detail, 'displayName') : null) ?? '';
}

function own(detail: Parsed): Parsed {
  return isParsedObject(detail)
    ? withoutKeys(detail, (key) => key === tags || key === 'roleDefinition')
    : detail;
}

function comparable(detail: Parsed): Parsed {
  const content = own(detail);
  return isParsedObject(content) ? { ...content, [tags]: tagIds(detail) } : content;
}

function tagIds(detail: Parsed): string[] {
  const found = isParsedObject(detail) ? ownMember(detail, tags) : undefined;
  return Array.isArray(found) ? found.map(idOf) : [];
}
