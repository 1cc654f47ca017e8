import { randomUUID } from 'node:crypto';
import { type Kernel, simulate } from '#test/support/kernel.ts';
import { backUp } from './backups.ts';
import { addCustomer, catalogPath, deleteObject, seed } from './customer.ts';

/** An object of the simulator. */
export interface Stored {
  readonly path: string;
  readonly id: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A settings catalog policy that a restore can create whole: with a setting, assigned to all devices. */
export function catalogPolicy(name: string, { value = 1 }: { value?: number } = {}) {
  const setting = {
    '@odata.type': '#microsoft.graph.deviceManagementConfigurationSetting',
    settingInstance: {
      '@odata.type': '#microsoft.graph.deviceManagementConfigurationSimpleSettingInstance',
      settingDefinitionId: 'a_setting',
      simpleSettingValue: {
        '@odata.type': '#microsoft.graph.deviceManagementConfigurationIntegerSettingValue',
        value,
      },
    },
  };
  const target = { '@odata.type': '#microsoft.graph.allDevicesAssignmentTarget' };
  return {
    path: catalogPath,
    body: {
      id: randomUUID(),
      ...{ name, description: 'as backed up', roleScopeTagIds: ['0'] },
      ...{ platforms: 'windows10', technologies: 'mdm', settingCount: 1 },
      settings: [{ id: '0', ...setting }],
      assignments: [{ target }],
    },
  };
}

/** The stored objects of a collection. */
export async function storedAt(
  kernel: Pick<Kernel, 'simulatorUrl'>,
  tenantId: string,
  path: string = catalogPath,
): Promise<Stored[]> {
  const objects = await simulate(kernel.simulatorUrl, 'GET', `/tenants/${tenantId}/objects`);
  return (objects as Stored[]).filter((one) => one.path === path);
}

/** Changes an object behind the product's back. */
export async function change(
  kernel: Pick<Kernel, 'simulatorUrl'>,
  tenantId: string,
  { path, id }: Pick<Stored, 'path' | 'id'>,
  set: object,
): Promise<void> {
  await simulate(kernel.simulatorUrl, 'POST', `/tenants/${tenantId}/mutate`, { path, id, set });
}

/** A customer with settings catalog policies and a backup. */
export interface BackedUpCustomer {
  readonly tenantId: string;
  readonly backupSetId: string;
  readonly before: readonly Stored[];
}

/** Makes a customer with this many settings catalog policies and backs them up. */
export async function backedUpCustomer(kernel: Kernel, count: number): Promise<BackedUpCustomer> {
  const tenantId = await addCustomer(kernel);
  const policies = Array.from({ length: count }, (_, index) =>
    catalogPolicy(`Policy ${index}`, { value: index }),
  );
  await seed(kernel, tenantId, policies);
  const { backupSetId } = await backUp(kernel, tenantId, { types: ['settingsCatalogPolicy'] });
  return { tenantId, backupSetId, before: await storedAt(kernel, tenantId) };
}

/** Deletes the first policies of a customer. */
export async function deleteFirst(
  kernel: Kernel,
  { tenantId, before }: BackedUpCustomer,
  count: number,
): Promise<void> {
  for (const { id } of before.slice(0, count))
    await deleteObject(kernel, tenantId, catalogPath, id);
}
