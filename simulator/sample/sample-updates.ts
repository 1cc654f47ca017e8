import { toGroup } from './sample-assignment.ts';
import { base64, sampleBase } from './sample-base.ts';
import type { SampleObject } from './sample-object.ts';
import type { SampleProfile } from './sample-profile.ts';

/** The update policies of a sample tenant: collection, name, and content. */
const updates = [
  [
    'windowsFeatureUpdateProfiles',
    'Windows 11 24H2',
    {
      featureUpdateVersion: 'Windows 11, version 24H2',
      deployableContentDisplayName: 'Windows 11, version 24H2',
      endOfSupportDate: '2027-10-12T00:00:00Z',
      installLatestWindows10OnWindows11IneligibleDevice: false,
      rolloutSettings: null,
    },
  ],
  [
    'windowsQualityUpdateProfiles',
    'Expedite October',
    {
      expeditedUpdateSettings: {
        qualityUpdateRelease: '2026-10-14T00:00:00Z',
        daysUntilForcedReboot: 1,
      },
      releaseDateDisplayName: '10/14/2026',
      deployableContentDisplayName: '10/14/2026 - 2026.10 B Security Updates',
    },
  ],
  ['windowsQualityUpdatePolicies', 'Hotpatch', { hotpatchEnabled: true, approvalSettings: [] }],
  [
    'windowsDriverUpdateProfiles',
    'Drivers',
    {
      approvalType: 'manual',
      deploymentDeferralInDays: null,
      newUpdates: 3,
      deviceReporting: 12,
      inventorySyncStatus: null,
    },
  ],
  [
    'hardwareConfigurations',
    'BIOS of laptops',
    {
      version: 1,
      fileName: 'bios.cctk',
      configurationFileContent: base64('[cctk]\nSecureBoot=Enabled\n'),
      hardwareConfigurationFormat: 'dell',
      perDevicePasswordDisabled: false,
    },
  ],
] as const;

/** Feature, quality, hotpatch and driver updates, and firmware settings. */
export function sampleUpdates(profile: SampleProfile): SampleObject[] {
  return updates.map(([segment, name, properties]) => ({
    path: `/deviceManagement/${segment}`,
    body: {
      ...sampleBase(profile, name),
      ...properties,
      assignments: [toGroup(profile.tenantId, 'SG-Devices-Windows-Early')],
    },
  }));
}
