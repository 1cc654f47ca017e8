import { randomUUID } from 'node:crypto';
import { addPolicy, type Kernel, registerTenant, simulate } from '#test/support/kernel.ts';

/** Makes a tenant for one test, in the simulator and in the product. */
export async function addCustomer(
  kernel: Pick<Kernel, 'simulatorUrl' | 'database'>,
): Promise<string> {
  const tenantId = randomUUID();
  await simulate(kernel.simulatorUrl, 'PUT', `/tenants/${tenantId}`, { displayName: 'Customer' });
  await registerTenant(kernel.database, tenantId);
  return tenantId;
}

/** Seeds objects into a tenant. */
export async function seed(
  kernel: Pick<Kernel, 'simulatorUrl' | 'database'>,
  tenantId: string,
  objects: readonly { path: string; body: object }[],
): Promise<void> {
  await simulate(kernel.simulatorUrl, 'POST', `/tenants/${tenantId}/objects`, objects);
}

/** Deletes an object as an administrator would, behind the product's back. */
export async function deleteObject(
  kernel: Pick<Kernel, 'simulatorUrl' | 'database'>,
  tenantId: string,
  path: string,
  id: string,
): Promise<void> {
  const order = { path, id, delete: true };
  await simulate(kernel.simulatorUrl, 'POST', `/tenants/${tenantId}/mutate`, order);
}

export const catalogPath = '/deviceManagement/configurationPolicies';

export interface CatalogPolicy {
  readonly displayName: string;
  /** The value of every setting. */
  readonly settingValue: string;
  readonly settings: number;
  readonly assignments: number;
}

const smallPolicy: CatalogPolicy = {
  displayName: 'A small policy',
  settingValue: 'on',
  settings: 1,
  assignments: 0,
};

function settingOf(policy: CatalogPolicy, index: number): object {
  const entity = '#microsoft.graph.deviceManagementConfiguration';
  return {
    settingInstance: {
      '@odata.type': `${entity}SimpleSettingInstance`,
      settingDefinitionId: `device_vendor_msft_policy_config_test_${index}`,
      simpleSettingValue: {
        '@odata.type': `${entity}StringSettingValue`,
        value: policy.settingValue,
      },
    },
  };
}

function assignmentOf(): object {
  return {
    target: { '@odata.type': '#microsoft.graph.groupAssignmentTarget', groupId: randomUUID() },
  };
}

/** Seeds a settings catalog policy into a tenant and, like a sync, into the inventory. */
export async function addCatalogPolicy(
  kernel: Pick<Kernel, 'simulatorUrl' | 'database'>,
  tenantId: string,
  wanted: Partial<CatalogPolicy> = {},
): Promise<{ policyId: string; graphId: string }> {
  const policy = { ...smallPolicy, ...wanted };
  const graphId = randomUUID();
  const body = {
    id: graphId,
    name: policy.displayName,
    platforms: 'windows10',
    settings: Array.from({ length: policy.settings }, (_, index) => settingOf(policy, index)),
    assignments: Array.from({ length: policy.assignments }, assignmentOf),
  };
  await seed(kernel, tenantId, [{ path: catalogPath, body }]);
  const policyId = await addPolicy(kernel.database, tenantId, {
    type: 'settingsCatalogPolicy',
    graphId,
    displayName: policy.displayName,
  });
  return { policyId, graphId };
}
