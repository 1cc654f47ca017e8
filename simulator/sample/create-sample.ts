import { placeSeed } from '../control/objects.ts';
import { objectOf } from '../json/object.ts';
import type { Store } from '../store/store.ts';
import { administrativeTemplates } from './administrative-templates.ts';
import { compliancePolicies } from './compliance-policies.ts';
import { conditionalAccess } from './conditional-access.ts';
import { deviceConfigurations } from './device-configurations.ts';
import { sampleAccess } from './sample-access.ts';
import { sampleApps } from './sample-apps.ts';
import { sampleCatalogRelatives } from './sample-catalog-relatives.ts';
import { sampleEnrollment } from './sample-enrollment.ts';
import { sampleExperience } from './sample-experience.ts';
import { sampleFoundations } from './sample-foundations.ts';
import { sampleGroups } from './sample-groups.ts';
import type { SampleObject } from './sample-object.ts';
import type { SampleProfile } from './sample-profile.ts';
import { sampleProfiles } from './sample-profile.ts';
import { sampleRoles } from './sample-roles.ts';
import { sampleScripts } from './sample-scripts.ts';
import { sampleTenants } from './sample-tenants.ts';
import { sampleUpdates } from './sample-updates.ts';
import { settingsCatalogPolicies } from './settings-catalog-policies.ts';

/** Creates the sample tenants in an empty state. */
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
    ...sampleRoles(profile),
    ...sampleApps(profile),
    ...sampleEnrollment(profile),
    ...sampleExperience(profile),
    ...sampleUpdates(profile),
    ...sampleCatalogRelatives(profile),
    ...sampleAccess(profile),
    ...conditionalAccess(profile),
  ];
}
