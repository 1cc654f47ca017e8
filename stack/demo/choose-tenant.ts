import { readdirSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { DirectoryTenant, DirectoryUser } from '../simulator-directory.ts';

/** The tenant of the demo if no other was seeded. */
const sampleTenantName = 'Alpine Ski House';

/** The tenant of the demo and its user, an owner with all permissions. */
export interface DemoTenant {
  tenant: DirectoryTenant;
  user: DirectoryUser;
}

/**
 * Chooses the tenant seeded from `seedFolder`. Its subfolders have the ids or names of tenants, or
 * it holds the collections of one tenant and has that tenant's name. Without it, the sample tenant.
 * Throws if the directory does not have the tenant.
 */
export function chooseTenant(
  directory: DirectoryTenant[],
  seedFolder: string | undefined,
): DemoTenant {
  const names = seedFolder
    ? [basename(resolve(seedFolder)), ...foldersIn(seedFolder)]
    : [sampleTenantName];
  const wanted = new Set(names.map((name) => name.toLowerCase()));
  const tenant = directory.find(
    ({ tenantId, displayName, home }) =>
      !home && (wanted.has(tenantId.toLowerCase()) || wanted.has(displayName.toLowerCase())),
  );
  const user = tenant?.users.find(({ suggestedRole }) => suggestedRole === 'owner');
  if (tenant !== undefined && user !== undefined) return { tenant, user };
  throw new Error(`The simulator has no tenant with an owner called ${names.join(' or ')}`);
}

function foldersIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
}
