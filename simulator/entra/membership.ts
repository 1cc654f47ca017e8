import type { Store } from '../store/store.ts';

/** The collection that holds a tenant's groups. */
export const groupsPath = '/groups';

/** The ids of a group's members; a seeded group names them by id or by object. */
export function memberIds(members: unknown): string[] {
  if (!Array.isArray(members)) return [];
  return members.map((each: unknown) =>
    typeof each === 'object' && each !== null && 'id' in each ? String(each.id) : String(each),
  );
}

/** The ids of the groups that a user is a direct member of. */
export function groupIdsOf(store: Store, tenantId: string, userId: string): string[] {
  return store
    .list(tenantId, groupsPath)
    .filter((group) => group.text.includes(userId))
    .filter((group) => {
      const members = group.body.find(({ key }) => key === 'members');
      return members !== undefined && memberIds(JSON.parse(members.text)).includes(userId);
    })
    .map((group) => group.id);
}
