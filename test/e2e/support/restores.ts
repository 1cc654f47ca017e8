import { compareTenants } from '#test/support/compare-tenants.ts';
import { listTenant, nameOf, type TenantObject } from '#test/support/tenants/tenant-object.ts';
import type { SeedObject } from '#test/workflows/support/estate.ts';
import type { Run } from './api-types.ts';
import type { ApiUser } from './api-user.ts';
import { backUp } from './backups.ts';
import { started } from './follow-run.ts';
import { newTenant } from './new-tenant.ts';
import type { StackUnderTest } from './stack-under-test.ts';

/** A tenant with its owner and a backup set of its policies. */
export interface BackedUpTenant {
  readonly user: ApiUser;
  readonly backupSetId: string;
  /** The tenant's objects at the time of the backup. */
  readonly before: readonly TenantObject[];
}

/** A change of an object behind the product's back. */
export interface Harm {
  readonly path: string;
  readonly id: string;
  readonly set?: object;
  readonly delete?: true;
}

/** Creates a tenant, seeds the objects and backs up the policies of their types. */
export async function backedUpTenant(
  under: StackUnderTest,
  displayName: string,
  types: readonly string[],
  objects: readonly SeedObject[],
): Promise<BackedUpTenant> {
  const user = await newTenant(under, displayName);
  const seeds = [...groupsOf(objects), ...objects];
  await under.simulator.control('POST', `/tenants/${user.tenantId}/objects`, seeds);
  const { run, set } = await backUp(user, { name: 'Before', types });
  if (run.status !== 'succeeded') throw new Error(`the backup ended as ${run.status}`);
  const before = await listTenant(under.stack.simulatorUrl, user.tenantId);
  return { user, backupSetId: set.id, before };
}

/** The groups in the objects' assignments: Graph refuses assignments to unknown groups. */
function groupsOf(objects: readonly SeedObject[]): SeedObject[] {
  const ids = JSON.stringify(objects).matchAll(/"groupId":"([^"]+)"/g);
  return [...ids].map(([, id = ''], at) => ({
    path: '/groups',
    body: { id, displayName: `Group ${at}` },
  }));
}

/** Changes or deletes objects of a tenant. */
export async function harm(
  { simulator }: StackUnderTest,
  { tenantId }: ApiUser,
  orders: readonly Harm[],
): Promise<void> {
  const path = `/tenants/${tenantId}/mutate`;
  for (const order of orders) await simulator.control('POST', path, order);
}

/** Deletes all objects of a tenant's collection. */
export async function deleteAll(
  under: StackUnderTest,
  user: ApiUser,
  collection: string,
): Promise<void> {
  const objects = await listTenant(under.stack.simulatorUrl, user.tenantId);
  const doomed = objects.filter(({ path }) => path === collection);
  const orders = doomed.map(({ path, id }) => ({ path, id, delete: true }) as const);
  await harm(under, user, orders);
}

/** Starts a restore of the whole set. */
export async function startRestore({ user, backupSetId }: BackedUpTenant): Promise<Run> {
  const { run } = await started(user.call('POST', '/tenants/{t}/restores', { backupSetId }));
  return run;
}

/** Lists the differences of a tenant from its backup, one line each. */
export async function differences(
  { stack }: StackUnderTest,
  { user, before }: BackedUpTenant,
): Promise<string> {
  return compareTenants(before, await listTenant(stack.simulatorUrl, user.tenantId));
}

/** Counts the duplicate names and the missing names in a tenant's collection. */
export async function miscounted(
  { stack }: StackUnderTest,
  { user, before }: BackedUpTenant,
  collection: string,
): Promise<{ duplicates: number; missing: number }> {
  const namesIn = (objects: readonly TenantObject[]) =>
    objects.filter(({ path }) => path === collection).map(nameOf);
  const wanted = namesIn(before);
  const found = namesIn(await listTenant(stack.simulatorUrl, user.tenantId));
  const distinct = new Set(found);
  return {
    duplicates: found.length - distinct.size,
    missing: wanted.filter((name) => !distinct.has(name)).length,
  };
}
