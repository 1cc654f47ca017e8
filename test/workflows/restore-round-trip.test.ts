import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { compareTenants } from '../support/compare-tenants.ts';
import { damage } from '../support/damage-tenant.ts';
import { generateTenant } from '../support/generated-tenant.ts';
import { type Kernel, simulate, startKernel } from '../support/kernel.ts';
import { listTenant } from '../support/tenants/tenant-object.ts';
import { backUp, callsDuring } from './support/backups.ts';
import { addCustomer, seed } from './support/customer.ts';
import { plansOf, restore, tally } from './support/restores.ts';

/** ROUND_TRIP_SEED repeats what a run of this test did. */
const chosen = Number(process.env['ROUND_TRIP_SEED'] ?? randomInt(2 ** 31));
const seeds = [1, 2, chosen];

let kernel: Kernel;
beforeAll(async () => {
  kernel = await startKernel();
  const unlimited = { requests: 1e6, writes: 1e6, conditionalAccess: 1e6 };
  await simulate(kernel.simulatorUrl, 'PUT', '/throttle', unlimited);
});
afterAll(() => kernel.stop());

const isWrite = ({ method }: { method: string }) => method !== 'GET';

describe('a tenant that was backed up and then damaged', () => {
  // Catches: a child, an assignment, a priority or a reference that a restore forgets, for every type that can be restored.
  it.each(seeds)(
    'is as it was after a restore, and a second one writes nothing (ROUND_TRIP_SEED=%i)',
    async (n) => {
      const tenantId = await addCustomer(kernel);
      await seed(kernel, tenantId, generateTenant({ policies: 200, seed: n, dangling: false }));
      const before = await listTenant(kernel.simulatorUrl, tenantId);
      const { backupSetId } = await backUp(kernel, tenantId);
      const { foreign } = await damage({ url: kernel.simulatorUrl }, tenantId, { seed: n });
      const request = { backupSetId, conditionalAccessState: 'asBackedUp' } as const;
      const restored = await restore(kernel, tenantId, request);
      console.info(tally(restored));
      for (const item of restored.items.filter(({ outcome }) => outcome !== 'succeeded')) {
        console.info(
          item.policy_type,
          item.display_name,
          item.action,
          item.error_code,
          item.error_context,
          item.warnings,
        );
      }
      for (const { item, plan } of await plansOf(kernel, restored)) {
        if (!/^Profile/.test(item.display_name)) continue;
        console.info(
          item.display_name,
          item.item_id,
          item.group_number,
          item.ordinal,
          item.action,
          item.graph_id,
          plan?.desired.match(/tenantry:created:[0-9a-f-]*/g),
        );
      }
      for (const i of restored.items.filter(
        ({ ordinal }) => (ordinal ?? 0) > 185 && (ordinal ?? 0) < 195,
      ))
        console.info(
          i.ordinal,
          i.display_name,
          i.started_at?.toISOString(),
          i.finished_at?.toISOString(),
          i.attempts,
          i.outcome,
          i.graph_id,
        );
      const after = await listTenant(kernel.simulatorUrl, tenantId);
      console.info(foreign.length, compareTenants(before, after).slice(0, 40));
      const again = await callsDuring(kernel, tenantId, () => restore(kernel, tenantId, request));
      console.info(tally(again.result), again.calls.filter(isWrite).slice(0, 20));
    },
  );
});
