const guid = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';

/** A GUID in canonical lower-case form, anchored. */
export const guidPattern = new RegExp(`^${guid}$`);

/** A principal: `<tenant id>:<object id of a user or group>`, lower case, anchored. */
export const principalPattern = new RegExp(`^${guid}:${guid}$`);

/** The principal id of a user or group of a directory. */
export function principalId(directoryTenantId: string, objectId: string): string {
  return `${directoryTenantId}:${objectId}`.toLowerCase();
}
