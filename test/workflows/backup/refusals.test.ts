import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type Kernel, startKernel } from '#test/support/kernel.ts';
import { backUp, type Backup, ofType } from '#test/workflows/support/backups.ts';
import { addCustomer, deleteObject, seed } from '#test/workflows/support/customer.ts';
import * as estate from '#test/workflows/support/estate.ts';
import { type Fault, graphCalls, setFaults } from '#test/workflows/support/graph-calls.ts';

let kernel: Kernel;
beforeAll(async () => {
  kernel = await startKernel();
});
afterEach(() => setFaults(kernel, []));
afterAll(() => kernel.stop());

async function customerWith(objects: readonly estate.SeedObject[]): Promise<string> {
  const tenantId = await addCustomer(kernel);
  await seed(kernel, tenantId, objects);
  return tenantId;
}

/** Makes calls of a tenant to a path fail, also as members of batches. */
function refuse(
  tenantId: string,
  path: string,
  effect: Fault['effect'],
  times?: number,
): Promise<void> {
  const limit = times === undefined ? {} : { times };
  return setFaults(kernel, [{ match: { tenant: tenantId, path }, ...limit, effect }]);
}

const types = ['settingsCatalogPolicy', 'assignmentFilter'];
const listOfPolicies = 'configurationPolicies$';
const readOfPolicy = 'configurationPolicies/';

const failedItems = ({ items }: Backup) => items.filter(({ outcome }) => outcome === 'failed');

describe('a type whose listing Graph refuses', () => {
  // Catches: a refusal that fails the run or stays hidden, an unlisted type that counts as empty.
  it.each([
    { status: 403, complete: false, entry: { forbidden: 1 } },
    { status: 404, complete: true, entry: { unsupported: 1 } },
    { status: 400, complete: true, entry: { unsupported: 1 } },
  ])('appears in the manifest by its status $status', async ({ status, complete, entry }) => {
    const tenantId = await customerWith([estate.filter('A filter'), ...estate.catalogPolicies(2)]);
    await refuse(tenantId, listOfPolicies, { status });
    const backup = await backUp(kernel, tenantId, { types });
    expect(backup.run).toMatchObject({ status: 'succeeded', total: 1, error_code: null });
    expect(backup.manifest.complete).toBe(complete);
    expect(ofType(backup, 'settingsCatalogPolicy')).toEqual(entry);
    expect(ofType(backup, 'assignmentFilter')).toEqual({ listed: 1, captured: 1 });
  });

  // Catches: a listing that fails silently, or fails the other types.
  it('is one failed item after the last retry, and the rest is captured', async () => {
    const tenantId = await customerWith([estate.filter('A filter'), ...estate.catalogPolicies(2)]);
    // A conflict has five attempts, a server error eight within two minutes.
    await refuse(tenantId, listOfPolicies, { status: 409 });
    const backup = await backUp(kernel, tenantId, { types });
    expect(backup.run).toMatchObject({ status: 'partial', total: 2, succeeded: 1, failed: 1 });
    expect(failedItems(backup)).toMatchObject([
      {
        ...{ policy_type: 'settingsCatalogPolicy', policy_id: null },
        ...{ error_code: 'graph_unavailable', display_name: 'Settings catalog policy' },
      },
    ]);
    expect(backup.manifest.complete).toBe(false);
    expect(ofType(backup, 'settingsCatalogPolicy')).toEqual({ failed: 1 });
  });

  // Catches: types listed again with every attempt of the failing one.
  it('is retried alone after a refusal', async () => {
    const tenantId = await customerWith([estate.filter('A filter'), ...estate.catalogPolicies(2)]);
    await refuse(tenantId, listOfPolicies, { status: 503, retryAfter: 1 }, 2);
    const backup = await backUp(kernel, tenantId, { types });
    expect(backup.run).toMatchObject({ status: 'succeeded', total: 3 });
    expect(backup.manifest.complete).toBe(true);
    const lists = (await graphCalls(kernel, tenantId)).map(({ path }) => path);
    expect(lists.filter((path) => path.endsWith('/assignmentFilters'))).toHaveLength(1);
    expect(lists.filter((path) => path.endsWith('/configurationPolicies'))).toHaveLength(3);
  });
});

describe('a policy that cannot be captured', () => {
  // Catches: an item that fails its range or the run, and a complete set without it.
  it('makes the run partial and the set incomplete, and the others are captured', async () => {
    const objects = estate.catalogPolicies(25);
    const tenantId = await customerWith(objects);
    const refused = objects[3]?.body.id ?? '';
    await refuse(tenantId, `${readOfPolicy}${refused}`, { status: 400 });
    const backup = await backUp(kernel, tenantId, { types });
    expect(backup.run).toMatchObject({ status: 'partial', total: 25, succeeded: 24, failed: 1 });
    expect(failedItems(backup)).toMatchObject([
      { graph_id: refused, error_code: 'graph_bad_request', attempts: 1 },
    ]);
    expect(backup.manifest.complete).toBe(false);
    expect(ofType(backup, 'settingsCatalogPolicy')).toEqual({
      ...{ listed: 25, captured: 24, failed: 1 },
    });
    expect(backup.held.map((item) => item.graph_id)).not.toContain(refused);
    // The next backup has the policy and is complete.
    await setFaults(kernel, []);
    const next = await backUp(kernel, tenantId, { types });
    expect(next.manifest.complete).toBe(true);
    expect(ofType(next, 'settingsCatalogPolicy')).toEqual({ listed: 25, captured: 25 });
  });

  // Catches: a deleted policy counted as captured, or left present in the inventory.
  it('is policy_gone if deleted after the listing', async () => {
    const objects = estate.catalogPolicies(2);
    const tenantId = await customerWith(objects);
    const first = await backUp(kernel, tenantId, { types });
    const gone = objects[0]?.body.id ?? '';
    await deleteObject(kernel, tenantId, estate.paths.catalog, gone);
    const policyIds = first.held.map((item) => item.policy_id);
    const backup = await backUp(kernel, tenantId, { policyIds });
    expect(backup.run).toMatchObject({ status: 'partial', succeeded: 1, failed: 1 });
    expect(failedItems(backup)).toMatchObject([{ graph_id: gone, error_code: 'policy_gone' }]);
    expect(backup.manifest.complete).toBe(false);
  });
});

describe('members of a batch that Graph throttles', () => {
  // Catches: a retry of the whole batch, members that count as failed, an ignored Retry-After.
  it('are retried alone, after Retry-After', async () => {
    const count = 40;
    const tenantId = await customerWith(estate.catalogPolicies(count));
    const match = { tenant: tenantId, path: readOfPolicy };
    await setFaults(kernel, [
      { match, times: 7, effect: { status: 429, retryAfter: 2 } },
      { match, times: 5, effect: { status: 503, retryAfter: 1 } },
    ]);
    const backup = await backUp(kernel, tenantId, { types });
    expect(backup.run).toMatchObject({ status: 'succeeded', total: count, succeeded: count });
    expect(backup.manifest.complete).toBe(true);
    const attempts = backup.items.map((item) => item.attempts);
    expect(attempts.every((each) => each >= 1)).toBe(true);
    const calls = await graphCalls(kernel, tenantId);
    const reads = calls.filter(({ path }) => path.includes(readOfPolicy));
    expect(reads).toHaveLength(count + 12);
    expect(attempts.reduce((sum, each) => sum + each, 0)).toBe(reads.length);
    const succeeded = reads.filter(({ status }) => status === 200).map(({ path }) => path);
    expect([succeeded.length, new Set(succeeded).size]).toEqual([count, count]);
    const refusedAt = new Map<string, number>();
    for (const { path, status, at } of reads) {
      const earlier = refusedAt.get(path);
      if (earlier !== undefined) expect(Date.parse(at) - earlier).toBeGreaterThanOrEqual(1_000);
      if (status === 429) refusedAt.set(path, Date.parse(at));
    }
    expect(refusedAt.size).toBeGreaterThan(0);
  });
});
