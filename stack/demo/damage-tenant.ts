import type { Log } from '../progress.ts';
import type { BackupItem } from './api-types.ts';

const timeoutMs = 30_000;

/** At most so many policies of the tenant are deleted, and at most so many renamed. */
const deletedMax = 3;
const renamedMax = 3;

/** The changes made to a tenant behind the product's back. */
export interface Damage {
  deleted: BackupItem[];
  renamed: BackupItem[];
}

/**
 * Deletes some of the policies of a tenant and changes others, as a person in Intune's portal would.
 * @param collections Graph's paths by policy type.
 */
export async function damageTenant(
  simulatorUrl: string,
  tenantId: string,
  items: readonly BackupItem[],
  collections: ReadonlyMap<string, string>,
  log: Log,
): Promise<Damage> {
  const chosen = items.filter(({ policyType }) => damaged.has(policyType));
  const deleted = chosen.slice(0, deletedMax);
  const renamed = chosen.slice(deletedMax, deletedMax + renamedMax);
  const mutate = async (item: BackupItem, change: object) => {
    const path = collections.get(item.policyType);
    const response = await fetch(`${simulatorUrl}/_sim/tenants/${tenantId}/mutate`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ path, id: item.graphId, ...change }),
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (!response.ok) throw new Error(`The simulator answers ${response.status} to a change`);
  };
  for (const item of deleted) await mutate(item, { delete: true });
  for (const item of renamed) {
    await mutate(item, { set: { description: 'Changed by hand', assignments: [] } });
  }
  log(`damaged: ${deleted.length} policies deleted, ${renamed.length} changed and unassigned`);
  return { deleted, renamed };
}

/** Types that every demo tenant has and no other object refers to. */
const damaged: ReadonlySet<string> = new Set([
  'settingsCatalogPolicy',
  'compliancePolicy',
  'deviceConfiguration',
]);
