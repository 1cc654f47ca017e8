import type { Store } from '../store/store.ts';

export const groupsPath = '/groups';

/** Returns a group's member ids; a seeded group contains them as ids or as objects. */
export function memberIds(members: unknown): string[] {
  if (!Array.isArray(members)) return [];
  return members.map((each: unknown) =>
    typeof each === 'object' && each !== null && 'id' in each ? String(each.id) : String(each),
  );
}

/** Returns the ids of the groups that have the user as a direct member. */
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
