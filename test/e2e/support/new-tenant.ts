import { randomUUID } from 'node:crypto';
import { signIn } from '#stack/password-grant.ts';
import { adminRole } from '#stack/sample-tenants.ts';
import { apiUser, type ApiUser, expectAnswer } from './api-user.ts';
import type { StackUnderTest } from './stack-under-test.ts';

/** Creates a tenant in the simulator's directory, registers it and signs in its owner. */
export async function newTenant(
  { stack, simulator }: StackUnderTest,
  displayName: string,
): Promise<ApiUser> {
  const home = stack.directory.find((tenant) => tenant.home);
  const admin = home?.users.find(({ roles }) => roles?.includes(adminRole));
  if (home === undefined || admin === undefined) throw new Error('the sample has no administrator');
  const tenantId = randomUUID();
  const owner = {
    ...{ id: randomUUID(), displayName: 'Olga Owner', password: 'no-secret-1' },
    userPrincipalName: `olga@${tenantId}.example`,
  };
  await simulator.control('PUT', `/tenants/${tenantId}`, { displayName, users: [owner] });
  const { simulatorUrl, apiUrl, env } = stack;
  const adminToken = await signIn(simulatorUrl, home.tenantId, admin, env);
  const owners = [`${tenantId}:${owner.id}`];
  await expectAnswer(
    apiUser(apiUrl, home.tenantId, adminToken).call('POST', '/tenants', {
      ...{ tenantId, displayName, owners },
    }),
    201,
  );
  return apiUser(apiUrl, tenantId, await signIn(simulatorUrl, tenantId, owner, env));
}
