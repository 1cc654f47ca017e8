import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RunningSimulator } from '../../simulator/server.ts';
import { startSimulator } from '../../simulator/server.ts';
import { countStored, countTenant } from '../../tools/count-tenant.ts';
import { send } from './client.ts';

const customers = ['6f1c2a52-0b77-4b0e-9a43-5d1f3a7c0a02'];

/** Every collection of configuration that Intune and conditional access have, as an administrator knows them. */
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
  // Catches: a kind of object that no demo shows, and a collection that is seeded but not served.
  it.each(customers)('have something of every kind (%s)', async (tenantId) => {
    const counts = await countTenant(simulator.url, tenantId, collections);
    expect([...counts].filter(([, count]) => count === 0)).toEqual([]);
    const stored = await countStored(simulator.url, tenantId);
    for (const [path, count] of stored) {
      expect([path, counts.get(path) ?? count]).toEqual([path, expect.any(Number)]);
      expect(counts.get(path) ?? count).toBeGreaterThanOrEqual(count);
    }
  });
});
