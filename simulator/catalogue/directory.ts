import { groupIdsOf, groupsPath, memberIds } from '../entra/membership.ts';
import type { JsonObject } from '../json/object.ts';
import { arrayText, objectOf, objectText, stringOf, valueOf, withMember } from '../json/object.ts';
import type { SimulatorUser } from '../store/tenant.ts';
import { completeGroup } from './complete-group.ts';
import type { TenantView } from './collection-type.ts';
import { child } from './child-collection.ts';
import { collection } from './collection-type.ts';

const directory = {
  inV1: true,
  v1Omits: [],
  scopeTags: null,
  deleteStatus: 204,
  dated: false,
  pageSize: 100,
  topMax: 999,
  service: 'directory',
  update: { method: 'PATCH', status: 204 },
} as const;

/** Entra's groups: stored with member ids, served with member objects. */
export const groups = collection(groupsPath, 'group', {
  ...directory,
  children: [child('members'), child('transitiveMembers'), child('owners')],
  initial: completeGroup,
  presentAlone: (body, tenant) => {
    const texts = arrayText(
      memberIds(valueOf(body, 'members')).map((id) => objectText(directoryObject(tenant, id))),
    );
    return withMember(withMember(body, 'members', texts), 'transitiveMembers', texts);
  },
});

/** Entra's users: the accounts able to sign in. */
export const users = collection('/users', 'user', {
  ...directory,
  children: [child('memberOf'), child('transitiveMemberOf')],
  derived: ({ store, tenantId }) => (store.tenant(tenantId)?.users ?? []).map(userObject),
  presentAlone: (body, tenant) => {
    const ids = groupIdsOf(tenant.store, tenant.tenantId, stringOf(body, 'id') ?? '');
    const texts = arrayText(ids.map((id) => objectText(directoryObject(tenant, id))));
    return withMember(withMember(body, 'memberOf', texts), 'transitiveMemberOf', texts);
  },
});

/** The tenant itself. */
export const organization = collection('/organization', 'organization', {
  ...directory,
  derived: ({ store, tenantId }) => {
    const tenant = store.tenant(tenantId);
    return tenant === undefined ? [] : [organizationObject(tenantId, tenant.displayName)];
  },
});

/** Returns a user or group with its type; an unknown id becomes a bare directory object. */
export function directoryObject({ store, tenantId }: TenantView, id: string): JsonObject {
  const user = store.tenant(tenantId)?.users.find((each) => each.id === id);
  if (user !== undefined) {
    return [...objectOf({ '@odata.type': '#microsoft.graph.user' }), ...userObject(user)];
  }
  const group = store.find(tenantId, groupsPath, id);
  if (group === undefined) {
    return objectOf({ '@odata.type': '#microsoft.graph.directoryObject', id });
  }
  const hidden = groups.children.map(({ name }) => name);
  return [
    ...objectOf({ '@odata.type': '#microsoft.graph.group' }),
    ...group.body.filter(({ key }) => !hidden.includes(key)),
  ];
}

function userObject(user: SimulatorUser): JsonObject {
  const [givenName = '', ...surname] = user.displayName.split(' ');
  return objectOf({
    id: user.id,
    accountEnabled: true,
    businessPhones: [],
    displayName: user.displayName,
    givenName,
    jobTitle: null,
    mail: user.userPrincipalName,
    mobilePhone: null,
    officeLocation: null,
    preferredLanguage: null,
    surname: surname.join(' '),
    userPrincipalName: user.userPrincipalName,
    userType: 'Member',
  });
}

function organizationObject(tenantId: string, displayName: string): JsonObject {
  const name = `${displayName.replace(/[^A-Za-z0-9]/g, '').toLowerCase()}.onmicrosoft.example`;
  return objectOf({
    id: tenantId,
    deletedDateTime: null,
    countryLetterCode: 'CH',
    createdDateTime: '2024-02-01T08:00:00Z',
    displayName,
    mobileDeviceManagementAuthority: 'intune',
    tenantType: 'AAD',
    verifiedDomains: [
      { capabilities: 'Email', isDefault: true, isInitial: true, name, type: 'Managed' },
    ],
  });
}
