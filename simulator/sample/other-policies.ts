import { toGroup } from './sample-assignment.ts';
import { groupId } from './sample-groups.ts';
import { sampleId } from './sample-id.ts';
import type { SampleObject } from './sample-object.ts';
import { sampleDates } from './sample-object.ts';
import type { SampleProfile } from './sample-profile.ts';

/** A few objects of the other kinds, so that every demo has them. */
export function otherPolicies(profile: SampleProfile): SampleObject[] {
  return [
    ...enrollment(profile),
    ...appProtection(profile),
    ...conditionalAccess(profile),
  ];
}

function enrollment({ tenantId, prefix }: SampleProfile): SampleObject[] {
  return [
    {
      path: '/deviceManagement/windowsAutopilotDeploymentProfiles',
      body: {
        '@odata.type': '#microsoft.graph.azureADWindowsAutopilotDeploymentProfile',
        id: sampleId(tenantId, 'autopilot'),
        ...sampleDates,
        displayName: `${prefix} Autopilot`,
        description: '',
        deviceNameTemplate: `${prefix}%SERIAL%`,
        language: 'os-default',
        extractHardwareHash: true,
        roleScopeTagIds: ['0'],
        outOfBoxExperienceSettings: { hidePrivacySettings: true, userType: 'standard' },
        assignments: [toGroup(tenantId, 'SG-Devices-Windows-Pilot')],
      },
    },
    {
      path: '/deviceManagement/deviceEnrollmentConfigurations',
      body: {
        '@odata.type': '#microsoft.graph.deviceEnrollmentLimitConfiguration',
        id: `${sampleId(tenantId, 'enrollment')}_DefaultLimit`,
        ...sampleDates,
        displayName: 'All users and all devices',
        description: 'The default limit',
        priority: 0,
        limit: 5,
        version: 1,
        deviceEnrollmentConfigurationType: 'limit',
        roleScopeTagIds: ['0'],
        assignments: [],
      },
    },
  ];
}

function appProtection({ tenantId, prefix }: SampleProfile): SampleObject[] {
  return (['ios', 'android'] as const).map((platform) => ({
    path: '/deviceAppManagement/managedAppPolicies',
    body: {
      '@odata.type': `#microsoft.graph.${platform}ManagedAppProtection`,
      id: `T_${sampleId(tenantId, `appProtection:${platform}`)}`,
      ...sampleDates,
      displayName: `${prefix} App protection ${platform}`,
      description: '',
      version: '"1"',
      roleScopeTagIds: ['0'],
      periodOfflineBeforeAccessCheck: 'PT720M',
      dataBackupBlocked: true,
      pinRequired: true,
      minimumPinLength: 6,
      appGroupType: 'selectedPublicApps',
      apps: [],
      assignments: [toGroup(tenantId, 'SG-Users-Sales')],
    },
  }));
}

function conditionalAccess({ country, prefix, tenantId }: SampleProfile): SampleObject[] {
  const locationId = sampleId(tenantId, 'namedLocation');
  const base = '/identity/conditionalAccess';
  return [
    {
      path: `${base}/namedLocations`,
      body: {
        '@odata.type': '#microsoft.graph.countryNamedLocation',
        id: locationId,
        createdDateTime: sampleDates.createdDateTime,
        modifiedDateTime: sampleDates.lastModifiedDateTime,
        displayName: `${prefix} Home country`,
        countriesAndRegions: [country],
        includeUnknownCountriesAndRegions: false,
        countryLookupMethod: 'clientIpAddress',
      },
    },
    ...(['enabled', 'enabledForReportingButNotEnforced'] as const).map((state) => ({
      path: `${base}/policies`,
      body: {
        id: sampleId(tenantId, `conditionalAccess:${state}`),
        createdDateTime: sampleDates.createdDateTime,
        modifiedDateTime: sampleDates.lastModifiedDateTime,
        displayName: `${prefix} ${state === 'enabled' ? 'Require MFA' : 'Block other countries'}`,
        state,
        templateId: null,
        conditions: {
          clientAppTypes: ['all'],
          applications: { includeApplications: ['All'], excludeApplications: [] },
          users: {
            includeUsers: ['All'],
            excludeUsers: [],
            includeGroups: [],
            excludeGroups: [groupId(tenantId, 'SG-Break-Glass')],
          },
          locations:
            state === 'enabled' ? null : { includeLocations: ['All'], excludeLocations: [locationId] },
        },
        grantControls: {
          operator: 'OR',
          builtInControls: [state === 'enabled' ? 'mfa' : 'block'],
          customAuthenticationFactors: [],
          termsOfUse: [],
        },
        sessionControls: null,
      },
    })),
  ];
}
