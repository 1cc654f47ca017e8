import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { compareTenants } from '#test/support/compare-tenants.ts';
import { generateTenant, policiesMin } from '#test/support/generated-tenant.ts';
import { type Kernel, simulate, startKernel } from '#test/support/kernel.ts';
import { listTenant } from '#test/support/tenants/tenant-object.ts';
import { callsDuring } from '#test/workflows/support/backups.ts';
import { idInTarget, twoTenants, whatTargetHas } from '#test/workflows/support/cross-tenant.ts';
import { restore } from '#test/workflows/support/restores.ts';

/** CROSS_TENANT_SEED repeats a run of this test. */
const chosen = Number(process.env['CROSS_TENANT_SEED'] ?? randomInt(2 ** 31));

let kernel: Kernel;
beforeAll(async () => {
  kernel = await startKernel();
  const unlimited = { requests: 1e6, writes: 1e6, conditionalAccess: 1e6 };
  await simulate(kernel.simulatorUrl, 'PUT', '/throttle', unlimited);
});
afterAll(() => kernel.stop());

const isWrite = ({ method }: { method: string }) => method !== 'GET';

describe('a restore into an empty tenant', () => {
  // Catches: an id of the source in the target, a dangling reference, an assignment to an unmapped group; in the second
  // restore, objects of the first that are not recognized.
  it(`makes it what the source is, and writes nothing the second time (CROSS_TENANT_SEED=${chosen})`, async () => {
    const generated = { policies: policiesMin, seed: chosen, dangling: false, secrets: false };
    const objects = generateTenant(generated);
    // Numeric ids: those of the source mean other objects here.
    const ownTag = { displayName: 'Own tag', isBuiltIn: false };
    const { sourceId, targetId, backupSetId } = await twoTenants(kernel, objects, [
      ...whatTargetHas(objects),
      { path: '/deviceManagement/roleScopeTags', body: { id: '1', ...ownTag } },
    ]);
    const source = await listTenant(kernel.simulatorUrl, sourceId);
    const groups = new Map(
      source.filter(({ path }) => path === '/groups').map(({ id }) => [id, idInTarget(id)]),
    );
    const request = {
      ...{ backupSetId, sourceTenantId: sourceId, groupMapping: Object.fromEntries(groups) },
      ...({ allowBroadAssignments: true, conditionalAccessState: 'asBackedUp' } as const),
    } as const;
    const { run, items } = await restore(kernel, targetId, request);
    const others = items.filter(({ outcome }) => outcome !== 'succeeded');
    // A restore does not bring built-in objects, tokens and files from another tenant.
    const expected = new Set(['not_portable', 'not_restorable']);
    expect(others.filter(({ error_code: code }) => !expected.has(code ?? ''))).toEqual([]);
    expect(run.failed).toBe(0);
    const target = await listTenant(kernel.simulatorUrl, targetId);
    const own = target.filter(({ body }) => body['displayName'] === ownTag.displayName);
    const allowed = { groups, defaults: false, foreign: own.map(({ id }) => id) };
    expect(compareTenants(source, target, allowed).slice(0, 1500)).toBe('');
    const again = await callsDuring(kernel, targetId, () => restore(kernel, targetId, request));
    expect(again.result.run.failed).toBe(0);
    expect(again.calls.filter(isWrite)).toEqual([]);
  }, 180_000);
});
