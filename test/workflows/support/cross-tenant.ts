import { syncDirectory } from '#domain/run/run-requests.ts';
import type { SeedObject } from '#test/support/generated-tenant.ts';
import { initiator, type Kernel } from '#test/support/kernel.ts';
import { untilEnded } from '#test/support/runs.ts';
import { backUp } from './backups.ts';
import { addCustomer, seed } from './customer.ts';

/** A tenant that was backed up, and another one that is to get its policies. */
export interface TwoTenants {
  readonly sourceId: string;
  readonly targetId: string;
  readonly backupSetId: string;
}

/** Fills the cache of a tenant's groups as an operator would. */
export async function fillDirectory(kernel: Kernel, tenantId: string): Promise<void> {
  const { run } = await kernel.runs.start(syncDirectory(tenantId), initiator);
  const { status } = await untilEnded(kernel.database, run);
  if (status !== 'succeeded') throw new Error(`the directory was not read: ${status}`);
}

/** Makes two customers of these objects, backs the first up, and reads the groups of the second. */
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

/** The id in a target of what has another one in its source. */
export function idInTarget(id: unknown): string {
  return `${String(id).slice(0, -4)}beef`;
}

/** What has to be there already: groups, and what Graph tells too little of to make it again. */
const alreadyThere = /groups$|mobileApps$|agreements$|groupPolicyUploadedDefinitionFiles$/;

/** Those of a source's objects that a target must have, each under an id of its own and assigned to nobody. */
export function whatTargetHas(source: readonly SeedObject[]): SeedObject[] {
  return source
    .filter(({ path }) => alreadyThere.test(path))
    .map(({ path, body }) => ({
      path,
      body: { ...body, id: idInTarget(body['id']), assignments: [] },
    }));
}
