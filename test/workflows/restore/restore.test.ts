import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Kernel, simulate, startKernel } from '#test/support/kernel.ts';
import { callsDuring } from '#test/workflows/support/backups.ts';
import {
  backedUpCustomer,
  change,
  deleteFirst,
  type Stored,
  storedAt,
} from '#test/workflows/support/restorable.ts';
import { drift, plansOf, preview, restore, tally, undo } from '#test/workflows/support/restores.ts';

let kernel: Kernel;
beforeAll(async () => {
  kernel = await startKernel();
  const unlimited = { requests: 1e6, writes: 1e6, conditionalAccess: 1e6 };
  await simulate(kernel.simulatorUrl, 'PUT', '/throttle', unlimited);
});
afterAll(() => kernel.stop());

const namesOf = (stored: readonly Stored[]) => stored.map(({ body }) => body['name']).sort();

const isWrite = ({ method }: { method: string }) => method !== 'GET';

describe('a restore', () => {
  // Catches: a second object beside an existing one, a change that stays, a write to an unchanged object.
  it('creates deleted policies, reverts changed ones, and leaves the others alone', async () => {
    const customer = await backedUpCustomer(kernel, 4);
    const { tenantId, backupSetId, before } = customer;
    const [, changed] = before;
    await deleteFirst(kernel, customer, 1);
    await change(kernel, tenantId, changed!, { description: 'by hand' });
    const restored = await restore(kernel, tenantId, { backupSetId });
    expect(tally(restored)).toEqual({
      'create succeeded': 1,
      'update succeeded': 1,
      'none succeeded': 2,
    });
    expect(restored.run.status).toBe('succeeded');
    const after = await storedAt(kernel, tenantId);
    expect(namesOf(after)).toEqual(namesOf(before));
    expect(after.find(({ id }) => id === changed?.id)?.body['description']).toEqual(
      changed?.body['description'],
    );
    const again = await callsDuring(kernel, tenantId, () =>
      restore(kernel, tenantId, { backupSetId }),
    );
    expect(tally(again.result)).toEqual({ 'none succeeded': 4 });
    expect(again.calls.filter(isWrite)).toEqual([]);
  });

  // Catches: a preview that writes, and a restore that plans again instead of following its preview.
  it('carries out its preview, and skips policies changed since', async () => {
    const customer = await backedUpCustomer(kernel, 3);
    const { tenantId, backupSetId, before } = customer;
    const [, changed, touched] = before;
    await deleteFirst(kernel, customer, 1);
    await change(kernel, tenantId, changed!, { description: 'by hand' });
    await change(kernel, tenantId, touched!, { description: 'before the preview' });
    const shown = await callsDuring(kernel, tenantId, () =>
      preview(kernel, tenantId, { backupSetId }),
    );
    expect(shown.calls.filter(isWrite)).toEqual([]);
    expect(tally(shown.result)).toEqual({ 'create succeeded': 1, 'update succeeded': 2 });
    const plans = await plansOf(kernel, shown.result);
    expect(plans.find(({ item }) => item.graph_id === changed?.id)?.plan?.changes).toEqual([
      {
        path: 'item.description',
        before: '"by hand"',
        after: JSON.stringify(changed?.body['description'] ?? null),
      },
    ]);
    await change(kernel, tenantId, touched!, { description: 'after the preview' });
    const previewRunId = shown.result.run.id;
    const restored = await restore(kernel, tenantId, { backupSetId, previewRunId });
    expect(restored.run.status).toBe('partial');
    expect(tally(restored)).toEqual({
      'create succeeded': 1,
      'update succeeded': 1,
      'update skipped drifted_since_preview': 1,
    });
    const after = await storedAt(kernel, tenantId);
    expect(after.find(({ id }) => id === touched?.id)?.body['description']).toBe(
      'after the preview',
    );
  });

  // Catches: an undo that forgets earlier objects, or deletes without a request.
  it('is undone from the snapshots taken before its writes', async () => {
    const customer = await backedUpCustomer(kernel, 3);
    const { tenantId, backupSetId, before } = customer;
    const [, changed] = before;
    await deleteFirst(kernel, customer, 1);
    await change(kernel, tenantId, changed!, { description: 'by hand' });
    const damaged = await storedAt(kernel, tenantId);
    const restored = await restore(kernel, tenantId, { backupSetId });
    const left = await undo(kernel, restored);
    expect(tally(left)).toEqual({
      'update succeeded': 1,
      'delete skipped created_by_restore': 1,
    });
    const all = await undo(kernel, restored, { deleteCreated: true });
    expect(tally(all)).toEqual({ 'none succeeded': 1, 'delete succeeded': 1 });
    const after = await storedAt(kernel, tenantId);
    expect(namesOf(after)).toEqual(namesOf(damaged));
    expect(after.find(({ id }) => id === changed?.id)?.body['description']).toBe('by hand');
  });
});

describe('a drift check', () => {
  // Catches: a comparison that writes, or finds no difference.
  it('lists the differences to the backup, and writes nothing', async () => {
    const customer = await backedUpCustomer(kernel, 3);
    const { tenantId, backupSetId, before } = customer;
    const none = await drift(kernel, tenantId, backupSetId);
    expect(tally(none)).toEqual({ 'none succeeded': 3 });
    await change(kernel, tenantId, before[1]!, { description: 'by hand' });
    await deleteFirst(kernel, customer, 1);
    const compared = await callsDuring(kernel, tenantId, () =>
      drift(kernel, tenantId, backupSetId),
    );
    expect(tally(compared.result)).toEqual({
      'none succeeded': 1,
      'update succeeded': 1,
      'create succeeded': 1,
    });
    expect(compared.calls.filter(isWrite)).toEqual([]);
  });
});
