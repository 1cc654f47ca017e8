import type { JsonObject } from '../json/object.ts';
import {
  elementsOf,
  mapObjects,
  member,
  objectOf,
  objectsOf,
  objectText,
  arrayText,
  stringOf,
  textOf,
  valueOf,
  withMember,
  withoutMembers,
} from '../json/object.ts';
import { child } from './child-collection.ts';
import type { TenantView } from './collection-type.ts';
import { collection } from './collection-type.ts';
import { roleScopeTags } from './foundations.ts';
import { linkedId, linkReference, reference } from './reference.ts';
import { tenantObject, tenantObjects } from './tenant-objects.ts';

const roleType = '#microsoft.graph.deviceAndAppManagementRoleDefinition';
const assignmentType = '#microsoft.graph.deviceAndAppManagementRoleAssignment';
const tagLinks = 'roleScopeTags@odata.bind';

/** Some built-in roles of every tenant. They can be assigned, but neither changed nor deleted. */
const builtInRoles = [
  ['9e0cc482-82df-4ab2-a24c-0c23a3f52e1e', 'Help Desk Operator'],
  ['fa1d7878-e8cb-41a1-8254-0edc1b6f5e0e', 'Read Only Operator'],
  ['0bd113fe-6be5-400c-a28f-ae5553f9c0be', 'Policy and Profile manager'],
].map(([id, displayName]) =>
  objectOf({
    '@odata.type': roleType,
    id,
    displayName,
    description: 'Built in',
    isBuiltIn: true,
    isBuiltInRoleDefinition: true,
    roleScopeTagIds: ['0'],
    permissions: [],
    rolePermissions: [{ actions: [], resourceActions: [] }],
  }),
);

function refuseBuiltIn(stored: JsonObject): string | null {
  return valueOf(stored, 'isBuiltIn') === true ? 'A built-in role cannot be changed' : null;
}

/** Intune's roles; each contains its assignments. */
export const roleDefinitions = collection('/deviceManagement/roleDefinitions', 'roleDefinition', {
  polymorphic: true,
  inV1: true,
  createStatus: 200,
  uniqueBy: 'displayName',
  dated: false,
  children: [
    child('roleAssignments', {
      writable: true,
      children: [child('roleScopeTags'), child('roleDefinition', { single: true })],
    }),
  ],
  derived: () => builtInRoles,
  presentAlone: withPresentTags,
  initial: (body) =>
    withMember(withMember(body, 'isBuiltIn', 'false'), 'isBuiltInRoleDefinition', 'false'),
  checkUpdate: (_given, stored) => refuseBuiltIn(stored),
  checkDelete: refuseBuiltIn,
  writtenEntry: withScopeTags,
  references: [
    ...['members', 'resourceScopes', 'scopeMembers'].map((name) =>
      reference(`roleAssignments/${name}`, '/groups'),
    ),
    linkReference(`roleAssignments/${tagLinks}`, roleScopeTags.path),
  ],
});

/** The assignments of all roles; each is stored inside its role. */
export const roleAssignments = collection('/deviceManagement/roleAssignments', 'roleAssignment', {
  polymorphic: true,
  inV1: true,
  scopeTags: null,
  dated: false,
  embedded: { holders: roleDefinitions.path, child: 'roleAssignments', link: 'roleDefinition' },
  children: [child('roleScopeTags'), child('roleDefinition', { single: true })],
  derived: (tenant) =>
    tenantObjects(roleDefinitions, tenant).flatMap((role) => assignmentsOf(role, tenant)),
});

function assignmentsOf(written: JsonObject, tenant: TenantView): JsonObject[] {
  const role = withPresentTags(written, tenant);
  const definition = objectText(withoutMembers(role, ['roleAssignments']));
  return objectsOf(role, 'roleAssignments').map((assignment) =>
    withMember(assignment, 'roleDefinition', definition),
  );
}

/** Shows the present state of an assignment's scope tags; a deleted tag appears as last stored. */
function withPresentTags(role: JsonObject, tenant: TenantView): JsonObject {
  return mapObjects(role, 'roleAssignments', (assignment) =>
    mapObjects(assignment, 'roleScopeTags', (tag) => {
      const present = tenantObject(roleScopeTags, tenant, stringOf(tag, 'id') ?? '');
      return present === undefined ? tag : withoutMembers(present, ['assignments']);
    }),
  );
}

/** Adds the type to an assignment and replaces its links by the linked scope tags. */
function withScopeTags(_child: string, assignment: JsonObject, tenant: TenantView): JsonObject {
  const typed =
    textOf(assignment, '@odata.type') === undefined
      ? [member('@odata.type', JSON.stringify(assignmentType)), ...assignment]
      : assignment;
  if (textOf(typed, tagLinks) === undefined) return typed;
  const links = elementsOf(typed, tagLinks);
  const tags = links
    .map((link) => linkedId(String(JSON.parse(link))) ?? '')
    .map((id) => tenantObject(roleScopeTags, tenant, id))
    .filter((tag) => tag !== undefined)
    .map((tag) => objectText(tag.filter(({ key }) => key !== 'assignments')));
  return withMember(withoutMembers(typed, [tagLinks]), 'roleScopeTags', arrayText(tags));
}
