import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Kernel, simulate, startKernel } from '../support/kernel.ts';
import { backUp, callsDuring } from './support/backups.ts';
import { addCustomer, catalogPath, deleteObject, seed } from './support/customer.ts';
import { drift, plansOf, preview, restore, tally, undo } from './support/restores.ts';

let kernel: Kernel;
beforeAll(async () => {
  kernel = await startKernel();
  const unlimited = { requests: 1e6, writes: 1e6, conditionalAccess: 1e6 };
  await simulate(kernel.simulatorUrl, 'PUT', '/throttle', unlimited);
});
afterAll(() => kernel.stop());

interface Stored {
  readonly path: string;
  readonly id: string;
  readonly body: Record<string, unknown>;
}

async function policies(tenantId: string): Promise<Stored[]> {
  const objects = await simulate(kernel.simulatorUrl, 'GET', `/tenants/${tenantId}/objects`);
  return (objects as Stored[]).filter(({ path }) => path === catalogPath);
}

const namesOf = (stored: readonly Stored[]) => stored.map(({ body }) => body['name']).sort();

function catalogPolicy(index: number) {
  const setting = {
    '@odata.type': '#microsoft.graph.deviceManagementConfigurationSetting',
    settingInstance: {
      '@odata.type': '#microsoft.graph.deviceManagementConfigurationSimpleSettingInstance',
      settingDefinitionId: 'a_setting',
      simpleSettingValue: {
        '@odata.type': '#microsoft.graph.deviceManagementConfigurationIntegerSettingValue',
        value: index,
      },
    },
  };
  const target = { '@odata.type': '#microsoft.graph.allDevicesAssignmentTarget' };
  return {
    path: catalogPath,
    body: {
      id: randomUUID(),
      ...{ name: `Policy ${index}`, description: 'as backed up', roleScopeTagIds: ['0'] },
      ...{ platforms: 'windows10', technologies: 'mdm', settingCount: 1 },
      settings: [{ id: '0', ...setting }],
      assignments: [{ target }],
    },
  };
}

async function customerWithBackup(count: number) {
  const tenantId = await addCustomer(kernel);
  await seed(
    kernel,
    tenantId,
    Array.from({ length: count }, (_, index) => catalogPolicy(index)),
  );
  const { backupSetId } = await backUp(kernel, tenantId, { types: ['settingsCatalogPolicy'] });
  return { tenantId, backupSetId, before: await policies(tenantId) };
}

function change(tenantId: string, id: string, set: object): Promise<unknown> {
  const order = { path: catalogPath, id, set };
  return simulate(kernel.simulatorUrl, 'POST', `/tenants/${tenantId}/mutate`, order);
}

const isWrite = ({ method }: { method: string }) => method !== 'GET';

describe('a restore', () => {
  // Catches: an object that is made anew for one that is there, a change that is not taken back, a write for what is as it was.
  it('makes what is gone, changes back what was changed, and leaves the rest', async () => {
    const { tenantId, backupSetId, before } = await customerWithBackup(4);
    const [gone, changed] = before;
    await deleteObject(kernel, tenantId, catalogPath, gone?.id ?? '');
    await change(tenantId, changed?.id ?? '', { description: 'by hand' });
    const restored = await restore(kernel, tenantId, { backupSetId });
    expect(tally(restored)).toEqual({
      'create succeeded': 1,
      'update succeeded': 1,
      'none succeeded': 2,
    });
    expect(restored.run.status).toBe('succeeded');
    const after = await policies(tenantId);
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

  // Catches: a preview that writes, and a restore that plans anew instead of doing what was shown.
  it('carries out what its preview showed, and leaves alone what has changed since', async () => {
    const { tenantId, backupSetId, before } = await customerWithBackup(3);
    const [gone, changed, touched] = before;
    await deleteObject(kernel, tenantId, catalogPath, gone?.id ?? '');
    await change(tenantId, changed?.id ?? '', { description: 'by hand' });
    await change(tenantId, touched?.id ?? '', { description: 'before the preview' });
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
    await change(tenantId, touched?.id ?? '', { description: 'after the preview' });
    const previewRunId = shown.result.run.id;
    const restored = await restore(kernel, tenantId, { backupSetId, previewRunId });
    expect(restored.run.status).toBe('partial');
    expect(tally(restored)).toEqual({
      'create succeeded': 1,
      'update succeeded': 1,
      'update skipped drifted_since_preview': 1,
    });
    const after = await policies(tenantId);
    expect(after.find(({ id }) => id === touched?.id)?.body['description']).toBe(
      'after the preview',
    );
  });

  // Catches: an undo that forgets what was there, or takes away what it was not told to.
  it('is undone from what was there before it', async () => {
    const { tenantId, backupSetId, before } = await customerWithBackup(3);
    const [gone, changed] = before;
    await deleteObject(kernel, tenantId, catalogPath, gone?.id ?? '');
    await change(tenantId, changed?.id ?? '', { description: 'by hand' });
    const damaged = await policies(tenantId);
    const restored = await restore(kernel, tenantId, { backupSetId });
    const left = await undo(kernel, restored);
    expect(tally(left)).toEqual({
      'update succeeded': 1,
      'delete skipped created_by_restore': 1,
    });
    const all = await undo(kernel, restored, { deleteCreated: true });
    expect(tally(all)).toEqual({ 'none succeeded': 1, 'delete succeeded': 1 });
    const after = await policies(tenantId);
    expect(namesOf(after)).toEqual(namesOf(damaged));
    expect(after.find(({ id }) => id === changed?.id)?.body['description']).toBe('by hand');
  });
});

describe('a drift check', () => {
  // Catches: a comparison that writes, or says that nothing has changed.
  it('says what differs from the backup, and changes nothing', async () => {
    const { tenantId, backupSetId, before } = await customerWithBackup(3);
    const none = await drift(kernel, tenantId, backupSetId);
    expect(tally(none)).toEqual({ 'none succeeded': 3 });
    await change(tenantId, before[0]?.id ?? '', { description: 'by hand' });
    await deleteObject(kernel, tenantId, catalogPath, before[1]?.id ?? '');
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
