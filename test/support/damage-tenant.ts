import {
  harmObjects,
  harmOrders,
  harmReferences,
  type Mutation,
} from '#test/support/tenants/plan-damage.ts';
import { listTenant, type TenantObject } from '#test/support/tenants/tenant-object.ts';

/** The same options do the same damage to the same tenant. */
export interface DamageOptions {
  readonly seed: number;
  /** The share of restorable objects to damage, from 0 to 1; 0.5 by default. */
  readonly share?: number;
}

/** The damage to a tenant. */
export interface Damage {
  readonly mutations: readonly Mutation[];
  /** The ids of the added objects, which no backup has. */
  readonly foreign: readonly string[];
}

const defaultShare = 0.5;

/**
 * Changes, deletes and unassigns objects of every restorable type behind the product's back, children, orders and
 * referenced objects included, and adds a few objects. Throws if the simulator refuses.
 */
export async function damage(
  simulator: { readonly url: string },
  tenantId: string,
  { seed, share = defaultShare }: DamageOptions,
): Promise<Damage> {
  const before = await listTenant(simulator.url, tenantId);
  const address = `${simulator.url}/_sim/tenants/${tenantId}`;
  const mutations = onceEach([
    ...harmReferences(before),
    ...harmObjects(before, seed, share),
    ...harmOrders(before),
  ]);
  for (const { what: _what, ...mutation } of mutations) await post(`${address}/mutate`, mutation);
  const added = await post(`${address}/objects`, foreignObjects(before));
  const foreign = (added as TenantObject[]).map(({ id }) => id);
  return { mutations, foreign };
}

/** Drops the changes of an object that is deleted as well. */
function onceEach(mutations: readonly Mutation[]): Mutation[] {
  const key = ({ id, path }: Mutation): string => `${path} ${id}`;
  const deleted = new Map(mutations.filter((each) => each.delete).map((each) => [key(each), each]));
  const changes = mutations.filter((each) => !deleted.has(key(each)));
  return [...changes, ...deleted.values()];
}

/** Objects with new names, which a restore must leave alone. */
function foreignObjects(objects: readonly TenantObject[]): { path: string; body: unknown }[] {
  const groupId = objects.find(({ path }) => path === '/groups')?.id;
  const target = { '@odata.type': '#microsoft.graph.groupAssignmentTarget', groupId };
  const assignments = groupId === undefined ? [] : [{ target }];
  const manage = '/deviceManagement';
  const setting = { settingDefinitionId: 'foreign', simpleSettingValue: { value: 1 } };
  const filter = { platform: 'iOS', rule: '(device.model -eq "x")', roleScopeTags: ['0'] };
  return [
    ...['Foreign one', 'Foreign two'].map((name) => ({
      path: `${manage}/configurationPolicies`,
      body: { name, settings: [{ settingInstance: setting }], assignments, roleScopeTagIds: ['0'] },
    })),
    { path: `${manage}/assignmentFilters`, body: { displayName: 'Foreign filter', ...filter } },
    { path: `${manage}/roleScopeTags`, body: { displayName: 'Foreign tag', isBuiltIn: false } },
    { path: `${manage}/deviceCategories`, body: { displayName: 'Foreign category' } },
    {
      path: `${manage}/deviceManagementScripts`,
      body: { displayName: 'Foreign script', scriptContent: 'ZWNobyAx', assignments },
    },
  ];
}

async function post(address: string, body: unknown): Promise<unknown> {
  const response = await fetch(address, { method: 'POST', body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${address} answered ${response.status}`);
  return response.json();
}
