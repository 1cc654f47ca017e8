import { randomInt } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Context, Middleware } from '@microsoft/microsoft-graph-client';
import { ReadGuard } from '#graph/wire/read-guard.ts';
import { damage } from '#test/support/damage-tenant.ts';
import { generateTenant, policiesMin } from '#test/support/generated-tenant.ts';
import { type Kernel, simulate, startKernel } from '#test/support/kernel.ts';
import { listTenant } from '#test/support/tenants/tenant-object.ts';
import { backUp, callsDuring } from '#test/workflows/support/backups.ts';
import { fillDirectory, whatTargetHas } from '#test/workflows/support/cross-tenant.ts';
import { addCustomer, seed } from '#test/workflows/support/customer.ts';
import { graphCalls } from '#test/workflows/support/graph-calls.ts';
import {
  backedUpCustomer,
  change,
  catalogPolicy,
  storedAt,
} from '#test/workflows/support/restorable.ts';
import { drift, preview, type Restored } from '#test/workflows/support/restores.ts';
import { writingReader } from '#test/workflows/support/writing-reader.ts';

/** PREVIEW_SEED repeats a run of this test. */
const chosen = Number(process.env['PREVIEW_SEED'] ?? randomInt(2 ** 31));

let kernel: Kernel;
afterEach(() => kernel.stop());

const unlimited = { requests: 1e6, writes: 1e6, conditionalAccess: 1e6 };

async function start(options: Parameters<typeof startKernel>[0] = {}): Promise<void> {
  kernel = await startKernel(options);
  await simulate(kernel.simulatorUrl, 'PUT', '/throttle', unlimited);
}

const isWrite = ({ method }: { method: string }) => method !== 'GET';

/** The log holds members of batches, too; an envelope itself is neither a read nor a write. */
async function writesTo(tenantId: string) {
  const calls = await graphCalls(kernel, tenantId);
  return calls.filter((call) => isWrite(call) && !call.path.endsWith('$batch'));
}

describe('a preview or a drift check', () => {
  // Catches: any write during planning, of any type, into the tenant or the source.
  it(`writes nothing to a damaged tenant with objects of every type (PREVIEW_SEED=${chosen})`, async () => {
    await start();
    const objects = generateTenant({ policies: policiesMin, seed: chosen });
    const [tenantId, otherId] = [await addCustomer(kernel), await addCustomer(kernel)];
    await seed(kernel, tenantId, objects);
    await seed(kernel, otherId, whatTargetHas(objects));
    await fillDirectory(kernel, otherId);
    const { backupSetId } = await backUp(kernel, tenantId);
    await damage({ url: kernel.simulatorUrl }, tenantId, { seed: chosen });
    const stored = (id: string) => listTenant(kernel.simulatorUrl, id);
    const before = [await stored(tenantId), await stored(otherId)];
    const shown = [
      await preview(kernel, tenantId, { backupSetId, conditionalAccessState: 'asBackedUp' }),
      await drift(kernel, tenantId, backupSetId),
      await preview(kernel, otherId, { backupSetId, sourceTenantId: tenantId }),
    ];
    for (const { run, items } of shown) {
      expect(run.status).toBe('succeeded');
      expect(new Set(items.map(({ action }) => action)).size).toBeGreaterThan(1);
    }
    expect([await stored(tenantId), await stored(otherId)]).toEqual(before);
    expect([await writesTo(tenantId), await writesTo(otherId)]).toEqual([[], []]);
  }, 120_000);
});

/** A middleware in place of the guard that lets everything pass. */
class NoGuard implements Middleware {
  #next: Middleware | null = null;

  setNext(next: Middleware): void {
    this.#next = next;
  }

  async execute(context: Context): Promise<void> {
    await this.#next?.execute(context);
  }
}

describe('a reader that writes by mistake', () => {
  const policyId = catalogPolicy('Victim').body.id;
  const policyPath = () => `/deviceManagement/configurationPolicies/${policyId}`;

  /** Makes a tenant whose policy the bug would change, at reads of a matching path. */
  async function customerOf(at: RegExp, guard: Parameters<typeof writingReader>[1]['guard']) {
    let armed = false;
    const never = /(?!)/;
    await start({
      graph: (config) =>
        writingReader(config, {
          get at() {
            return armed ? at : never;
          },
          ...{ policyPath, guard },
        }),
    });
    const customer = await backedUpCustomer(kernel, 2);
    const { path, body } = catalogPolicy('Victim');
    await seed(kernel, customer.tenantId, [{ path, body: { ...body, id: policyId } }]);
    await change(kernel, customer.tenantId, customer.before[0]!, { description: 'by hand' });
    armed = true;
    return customer;
  }

  const works: readonly [
    string,
    (of: { tenantId: string; backupSetId: string }) => Promise<Restored>,
  ][] = [
    ['preview', ({ tenantId, backupSetId }) => preview(kernel, tenantId, { backupSetId })],
    ['drift check', ({ tenantId, backupSetId }) => drift(kernel, tenantId, backupSetId)],
  ];
  const places: readonly [string, RegExp][] = [
    ['lists a type', /configurationPolicies\?/],
    ['reads a policy', /configurationPolicies\/[^/?]+(?:\?|$)/],
  ];

  // Catches: a planner with a write port and a missing or leaky guard, and a refusal recorded as the failure of one
  // item or type.
  it.each(
    works.flatMap(([name, work]) => places.map(([what, at]) => [name, what, at, work] as const)),
  )(
    'fails a %s that %s with write_blocked, and Graph sees no write',
    async (_, _what, at, work) => {
      const customer = await customerOf(at, (base) => new ReadGuard(base));
      const { tenantId } = customer;
      const before = await storedAt(kernel, tenantId);
      const { run } = await work(customer);
      expect(run).toMatchObject({ status: 'failed', error_code: 'write_blocked' });
      expect(await writesTo(tenantId)).toEqual([]);
      expect(await storedAt(kernel, tenantId)).toEqual(before);
    },
  );

  // Catches: a backup that records the refused write as the failure of one item, and trusts its other reads.
  it('fails a backup with write_blocked, and Graph sees no write', async () => {
    const { tenantId } = await customerOf(places[1]![1], (base) => new ReadGuard(base));
    const { run } = await backUp(kernel, tenantId);
    expect(run).toMatchObject({ status: 'failed', error_code: 'write_blocked' });
    expect(await writesTo(tenantId)).toEqual([]);
  });

  // Proves that the log above would show a write.
  it('shows in the log of the simulator without the guard', async () => {
    const customer = await customerOf(places[1]![1], () => new NoGuard());
    const { tenantId, backupSetId } = customer;
    const { calls } = await callsDuring(kernel, tenantId, () =>
      preview(kernel, tenantId, { backupSetId }),
    );
    expect(calls.filter(isWrite).map(({ method }) => method)).toContain('PATCH');
  });
});
