import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { alpineTenantId, fabrikamTenantId } from '#simulator/sample/sample-tenants.ts';
import type { RunningSimulator } from '#simulator/server.ts';
import { startSimulator } from '#simulator/server.ts';
import { countStored, countTenant } from '#tools/count-tenant.ts';
import { send } from './client.ts';

const customers = [alpineTenantId, fabrikamTenantId];

/** All configuration collections of Intune and Conditional Access known to administrators. */
const collections = [
  ...[
    'configurationPolicies compliancePolicies deviceCompliancePolicies deviceComplianceScripts',
    'deviceConfigurations groupPolicyConfigurations groupPolicyUploadedDefinitionFiles intents',
    'reusablePolicySettings inventoryPolicies hardwareConfigurations windowsFeatureUpdateProfiles',
    'windowsQualityUpdateProfiles windowsQualityUpdatePolicies windowsDriverUpdateProfiles',
    'deviceManagementScripts deviceShellScripts deviceCustomAttributeShellScripts',
    'deviceHealthScripts windowsAutopilotDeploymentProfiles deviceEnrollmentConfigurations',
    'assignmentFilters roleScopeTags roleDefinitions roleAssignments notificationMessageTemplates',
    'termsAndConditions deviceCategories appleUserInitiatedEnrollmentProfiles',
    'depOnboardingSettings intuneBrandingProfiles virtualEndpoint/provisioningPolicies',
    'virtualEndpoint/userSettings',
  ]
    .flatMap((line) => line.split(' '))
    .map((name) => `/deviceManagement/${name}`),
  ...[
    'managedAppPolicies iosManagedAppProtections androidManagedAppProtections',
    'windowsManagedAppProtections mdmWindowsInformationProtectionPolicies',
    'windowsInformationProtectionPolicies defaultManagedAppProtections',
    'targetedManagedAppConfigurations mobileAppConfigurations mobileApps policySets',
  ]
    .flatMap((line) => line.split(' '))
    .map((name) => `/deviceAppManagement/${name}`),
  '/identity/conditionalAccess/policies',
  '/identity/conditionalAccess/namedLocations',
  '/identity/conditionalAccess/authenticationStrength/policies',
  '/identity/conditionalAccess/authenticationContextClassReferences',
  '/identityGovernance/termsOfUse/agreements',
];

let simulator: RunningSimulator;

beforeAll(async () => {
  simulator = await startSimulator();
  await send(`${simulator.url}/_sim/throttle`, {
    method: 'PUT',
    body: JSON.stringify({ conditionalAccess: 1000 }),
  });
});

afterAll(() => simulator.close());

describe('the sample tenants', () => {
  // Catches: a kind of object missing in demos, and a collection seeded but not served.
  it.each(customers)('a sample tenant has objects in every collection (%s)', async (tenantId) => {
    const stored = await countStored(simulator.url, tenantId);
    const paths = [...new Set([...collections, ...stored.keys()])];
    const counts = await countTenant(simulator.url, tenantId, paths);
    expect([...counts].filter(([, count]) => count === 0)).toEqual([]);
    const hidden = [...stored].filter(([path, count]) => (counts.get(path) ?? 0) < count);
    expect(hidden).toEqual([]);
  });
});
