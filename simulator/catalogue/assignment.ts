import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../json/object.ts';
import { isObjectText, member, parseObject, stringOf, textOf, withMember } from '../json/object.ts';

/** Intune's pseudo groups for assignments to all users and to all devices. */
const pseudoGroups: ReadonlyMap<string, string> = new Map([
  ['#microsoft.graph.allLicensedUsersAssignmentTarget', 'acacacac-9df4-4c7d-9d50-4ef0226f57a9'],
  ['#microsoft.graph.allDevicesAssignmentTarget', 'adadadad-808e-44e2-905a-0b7873a8a531'],
]);

/** Returns an assignment in Intune's form: an id of object and group, a source, and a filter type. */
export function withAssignmentIdentity(assignment: JsonObject, parentId: string): JsonObject {
  const target = parseTarget(assignment);
  const group =
    stringOf(target, 'groupId') ??
    stringOf(target, 'collectionId') ??
    pseudoGroups.get(stringOf(target, '@odata.type') ?? '') ??
    randomUUID();
  const id = stringOf(assignment, 'id') ?? `${parentId}_${group}`;
  const source = textOf(assignment, 'source') ?? '"direct"';
  const sourceId = textOf(assignment, 'sourceId') ?? JSON.stringify(parentId);
  const own = assignment.filter(({ key }) => !['id', 'source', 'sourceId', 'target'].includes(key));
  return [
    member('id', JSON.stringify(id)),
    member('source', source),
    member('sourceId', sourceId),
    ...own,
    ...(textOf(assignment, 'target') === undefined ? [] : [targetMember(assignment)]),
  ];
}

/** True if a policy set gave the assignment: then /assign does not change it. */
export function isInherited(assignment: JsonObject): boolean {
  return stringOf(assignment, 'source') === 'policySets';
}

function targetMember(assignment: JsonObject) {
  const target = parseTarget(assignment);
  const filter = 'deviceAndAppManagementAssignmentFilter';
  const withId =
    textOf(target, `${filter}Id`) === undefined
      ? withMember(target, `${filter}Id`, 'null')
      : target;
  const complete =
    textOf(withId, `${filter}Type`) === undefined
      ? withMember(withId, `${filter}Type`, '"none"')
      : withId;
  const text = textOf(assignment, 'target') ?? 'null';
  return member(
    'target',
    isObjectText(text)
      ? `{${complete.map((entry) => `${entry.quotedKey}:${entry.text}`).join(',')}}`
      : text,
  );
}

function parseTarget(assignment: JsonObject): JsonObject {
  const text = textOf(assignment, 'target');
  return text !== undefined && isObjectText(text) ? parseObject(text) : [];
}
