import { placeSeed } from '../control/objects.ts';
import { objectOf } from '../json/object.ts';
import type { Store } from '../store/store.ts';
import { administrativeTemplates } from './administrative-templates.ts';
import { compliancePolicies } from './compliance-policies.ts';
import { deviceConfigurations } from './device-configurations.ts';
import { otherPolicies } from './other-policies.ts';
import { sampleFoundations } from './sample-foundations.ts';
import { sampleGroups } from './sample-groups.ts';
import type { SampleObject } from './sample-object.ts';
import type { SampleProfile } from './sample-profile.ts';
import { sampleProfiles } from './sample-profile.ts';
import { sampleScripts } from './sample-scripts.ts';
import { sampleTenants } from './sample-tenants.ts';
import { settingsCatalogPolicies } from './settings-catalog-policies.ts';

/** Fills an empty state with the sample tenants. */
export function createSample(store: Store): void {
  store.transaction(() => {
    for (const tenant of sampleTenants()) store.resetTenant(tenant);
    for (const profile of sampleProfiles) {
      for (const { path, body } of sampleObjects(profile)) {
        placeSeed(store, profile.tenantId, { path, body: objectOf(body) });
      }
    }
  });
}

function sampleObjects(profile: SampleProfile): SampleObject[] {
  return [
    ...sampleGroups(profile.tenantId),
    ...sampleFoundations(profile),
    ...settingsCatalogPolicies(profile),
    ...deviceConfigurations(profile),
    ...compliancePolicies(profile),
    ...sampleScripts(profile),
    ...administrativeTemplates(profile),
    ...otherPolicies(profile),
  ];
}
