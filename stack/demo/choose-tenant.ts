import { readdirSync } from 'node:fs';
import type { DirectoryTenant, DirectoryUser } from '../simulator-directory.ts';

/** The sample tenant that the demo works on when no other was seeded. */
const sampleTenantName = 'Alpine Ski House';

/** The tenant of the demo and the user that works on it, an owner, who may do everything there. */
export interface DemoTenant {
  tenant: DirectoryTenant;
  user: DirectoryUser;
}

/**
 * Chooses the tenant that was seeded from `seedFolder`, whose subfolders are named after tenants'
 * ids or names, else the sample tenant. Throws when it is not in the directory.
 */
export function chooseTenant(
  directory: DirectoryTenant[],
  seedFolder: string | undefined,
): DemoTenant {
  const names = seedFolder ? foldersIn(seedFolder) : [sampleTenantName];
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
