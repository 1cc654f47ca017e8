import { placeSeed } from '../control/objects.ts';
import { objectOf } from '../json/object.ts';
import type { Store } from '../store/store.ts';
import type { SampleObject } from './sample-object.ts';
import { sampleGroups } from './sample-groups.ts';
import { alpineTenantId, fabrikamTenantId, sampleTenants } from './sample-tenants.ts';
import { settingsCatalogPolicies } from './settings-catalog-policies.ts';

/** Fills an empty state with the sample tenants. */
export function createSample(store: Store): void {
  store.transaction(() => {
    for (const tenant of sampleTenants()) store.resetTenant(tenant);
    for (const tenantId of [alpineTenantId, fabrikamTenantId]) {
      for (const { path, body } of sampleObjects(tenantId)) {
        placeSeed(store, tenantId, { path, body: objectOf(body) });
      }
    }
  });
}

function sampleObjects(tenantId: string): SampleObject[] {
  return [...sampleGroups(tenantId), ...settingsCatalogPolicies(tenantId)];
}
