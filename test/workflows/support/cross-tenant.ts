import { syncDirectory } from '#domain/run/run-requests.ts';
import type { SeedObject } from '#test/support/generated-tenant.ts';
import { initiator, type Kernel } from '#test/support/kernel.ts';
import { untilEnded } from '#test/support/runs.ts';
import { backUp } from './backups.ts';
import { addCustomer, seed } from './customer.ts';

/** A backed-up tenant, and another one for its policies. */
export interface TwoTenants {
  readonly sourceId: string;
  readonly targetId: string;
  readonly backupSetId: string;
}

/** Reads the groups of a tenant into the cache, as an operator does. */
export async function fillDirectory(kernel: Kernel, tenantId: string): Promise<void> {
  const { run } = await kernel.runs.start(syncDirectory(tenantId), initiator);
  const { status } = await untilEnded(kernel.database, run);
  if (status !== 'succeeded') throw new Error(`the directory was not read: ${status}`);
}

/** Makes two customers with these objects, backs up the first, and reads the groups of the second. */
export async function twoTenants(
  kernel: Kernel,
  source: readonly Pick<SeedObject, 'path' | 'body'>[],
  target: readonly Pick<SeedObject, 'path' | 'body'>[],
): Promise<TwoTenants> {
  const sourceId = await addCustomer(kernel);
  const targetId = await addCustomer(kernel);
  await seed(kernel, sourceId, source);
  await seed(kernel, targetId, target);
  const { backupSetId } = await backUp(kernel, sourceId);
  await fillDirectory(kernel, targetId);
  return { sourceId, targetId, backupSetId };
}

/** Maps the id of a source object to its id in the target. */
export function idInTarget(id: unknown): string {
  return `${String(id).slice(0, -4)}beef`;
}

/** Objects that the target must have already: groups, and objects that Graph does not describe enough to create. */
const alreadyThere = /groups$|mobileApps$|agreements$|groupPolicyUploadedDefinitionFiles$/;

/** Returns the objects that a target must have, with ids of its own and without assignments. */
export function whatTargetHas(source: readonly SeedObject[]): SeedObject[] {
  return source
    .filter(({ path }) => alreadyThere.test(path))
    .map(({ path, body }) => ({
      path,
      body: { ...body, id: idInTarget(body['id']), assignments: [] },
    }));
}
