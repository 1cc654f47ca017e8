import { ApiError, createApiClient, readWholeList, type ApiClient } from './api-client.ts';
import { signIn } from './password-grant.ts';
import type { DirectoryTenant, DirectoryUser } from './simulator-directory.ts';

/** The app role that makes a user of the home tenant a platform administrator. */
export const adminRole = 'Tenantry.Admin';

/** The addresses of a stack's API and simulator, and the environment of its children. */
interface Surroundings {
  apiUrl: string;
  simulatorUrl: string;
  homeTenantId: string;
  env: NodeJS.ProcessEnv;
}

/**
 * Registers every tenant of the simulator's directory except the home tenant, and its users with
 * their suggested roles, through the API as an administrator would. Leaves registered tenants as
 * they are. Returns one sentence per failed tenant.
 */
export async function registerSampleTenants(
  directory: DirectoryTenant[],
  surroundings: Surroundings,
): Promise<string[]> {
  const { apiUrl, simulatorUrl, homeTenantId, env } = surroundings;
  const home = directory.find(({ tenantId }) => tenantId === homeTenantId);
  const admin = home?.users.find(({ roles }) => roles?.includes(adminRole));
  if (home === undefined || admin === undefined) {
    return [`No sample tenant is registered: nobody in ${homeTenantId} has the role ${adminRole}`];
  }
  const adminApi = createApiClient(apiUrl, await signIn(simulatorUrl, home.tenantId, admin, env));
  const others = directory.filter(({ tenantId }) => tenantId !== homeTenantId);
  const results = await Promise.all(
    others.map((tenant) => registerTenant(tenant, adminApi, surroundings)),
  );
  return results.filter((result) => result !== undefined);
}

async function registerTenant(
  tenant: DirectoryTenant,
  adminApi: ApiClient,
  { apiUrl, simulatorUrl, env }: Surroundings,
): Promise<string | undefined> {
  const { tenantId, displayName, users } = tenant;
  const owner = users.find(({ suggestedRole }) => suggestedRole === 'owner');
  if (owner === undefined) return `${displayName} is not registered: it has no owner`;
  try {
    const owners = [principalOf(tenantId, owner)];
    await adminApi.call('POST', '/tenants', { tenantId, displayName, owners });
  } catch (error) {
    if (!isStatus(error, 409)) throw error;
  }
  const ownerApi = createApiClient(apiUrl, await signIn(simulatorUrl, tenantId, owner, env));
  try {
    await addMembers(tenant, ownerApi);
    return undefined;
  } catch (error) {
    // An administrator has since made another user the owner, who now keeps the members.
    if (isStatus(error, 403)) return `The members of ${displayName} are left as they are`;
    throw error;
  }
}

async function addMembers({ tenantId, users }: DirectoryTenant, api: ApiClient): Promise<void> {
  const path = `/tenants/${tenantId}/members`;
  const members = await readWholeList<{ principalId: string }>(api, path);
  const known = new Set(members.map(({ principalId }) => principalId));
  for (const user of users) {
    const principalId = principalOf(tenantId, user);
    if (!user.suggestedRole || known.has(principalId)) continue;
    await api.call('PUT', `${path}/${principalId}`, {
      role: user.suggestedRole,
      kind: 'user',
      displayName: user.displayName,
    });
  }
}

function principalOf(tenantId: string, user: DirectoryUser): string {
  return `${tenantId}:${user.id}`.toLowerCase();
}

function isStatus(error: unknown, status: number): boolean {
  return error instanceof ApiError && error.status === status;
}
