import { toGroup } from './sample-assignment.ts';
import { sampleAppId } from './sample-apps.ts';
import { sampleBase } from './sample-base.ts';
import { sampleId } from './sample-id.ts';
import type { SampleObject } from './sample-object.ts';
import { sampleDates } from './sample-object.ts';
import type { SampleProfile } from './sample-profile.ts';

const path = '/deviceManagement/deviceEnrollmentConfigurations';

/** The default configurations of every tenant: type, end of the id, kind, and content. */
const defaults = [
  ['deviceEnrollmentLimitConfiguration', 'DefaultLimit', 'limit', { limit: 5 }],
  [
    'deviceEnrollmentPlatformRestrictionsConfiguration',
    'DefaultPlatformRestrictions',
    'platformRestrictions',
    { iosRestriction: { platformBlocked: false, personalDeviceEnrollmentBlocked: false } },
  ],
  [
    'deviceEnrollmentWindowsHelloForBusinessConfiguration',
    'DefaultWindowsHelloForBusiness',
    'windowsHelloForBusiness',
    { state: 'notConfigured', pinMinimumLength: 6, pinMaximumLength: 127 },
  ],
  [
    'windows10EnrollmentCompletionPageConfiguration',
    'DefaultWindows10EnrollmentCompletionPageConfiguration',
    'defaultWindows10EnrollmentCompletionPageConfiguration',
    { showInstallationProgress: false, selectedMobileAppIds: [] },
  ],
] as const;

/** The enrolment of devices in a sample tenant: Autopilot, restrictions, status pages, Apple's methods. */
export function sampleEnrollment(profile: SampleProfile): SampleObject[] {
  return [
    ...defaultConfigurations(profile),
    ...ownConfigurations(profile),
    autopilot(profile),
    ...apple(profile),
  ];
}

function defaultConfigurations({ tenantId }: SampleProfile): SampleObject[] {
  return defaults.map(([type, suffix, kind, properties]) => ({
    path,
    body: {
      '@odata.type': `#microsoft.graph.${type}`,
      id: `${sampleId(tenantId, 'enrollment')}_${suffix}`,
      ...sampleDates,
      displayName: 'All users and all devices',
      description: 'This is the default configuration of the tenant',
      priority: 0,
      version: 1,
      deviceEnrollmentConfigurationType: kind,
      roleScopeTagIds: ['0'],
      ...properties,
      assignments: [],
    },
  }));
}

function ownConfigurations(profile: SampleProfile): SampleObject[] {
  const { tenantId } = profile;
  const own = [
    [
      'Personal Android blocked',
      'deviceEnrollmentPlatformRestrictionConfiguration',
      'SinglePlatformRestriction',
      'singlePlatformRestriction',
      {
        platformType: 'androidForWork',
        platformRestriction: { platformBlocked: false, personalDeviceEnrollmentBlocked: true },
      },
    ],
    [
      'Status page for staff',
      'windows10EnrollmentCompletionPageConfiguration',
      'Windows10EnrollmentCompletionPageConfiguration',
      'windows10EnrollmentCompletionPageConfiguration',
      {
        showInstallationProgress: true,
        installProgressTimeoutInMinutes: 60,
        selectedMobileAppIds: [sampleAppId(tenantId, 'Company Portal')],
      },
    ],
    [
      'Welcome mail',
      'deviceEnrollmentNotificationConfiguration',
      'EnrollmentNotificationsConfiguration',
      'enrollmentNotificationsConfiguration',
      { platformType: 'windows', templateType: 'email', brandingOptions: 'includeCompanyLogo' },
    ],
  ] as const;
  return own.map(([name, type, suffix, kind, properties]) => ({
    path,
    body: {
      '@odata.type': `#microsoft.graph.${type}`,
      ...sampleBase(profile, name),
      id: `${sampleId(tenantId, `enrollment:${name}`)}_${suffix}`,
      priority: 1,
      version: 1,
      deviceEnrollmentConfigurationType: kind,
      ...properties,
      assignments: [toGroup(tenantId, 'SG-Users-Sales')],
    },
  }));
}

function autopilot(profile: SampleProfile): SampleObject {
  return {
    path: '/deviceManagement/windowsAutopilotDeploymentProfiles',
    body: {
      '@odata.type': '#microsoft.graph.azureADWindowsAutopilotDeploymentProfile',
      ...sampleBase(profile, 'Autopilot'),
      id: sampleId(profile.tenantId, 'autopilot'),
      deviceNameTemplate: `${profile.prefix}%SERIAL%`,
      language: 'os-default',
      extractHardwareHash: true,
      managementServiceAppId: '',
      outOfBoxExperienceSettings: { hidePrivacySettings: true, userType: 'standard' },
      assignments: [toGroup(profile.tenantId, 'SG-Devices-Windows-Pilot')],
    },
  };
}

function apple(profile: SampleProfile): SampleObject[] {
  const { domain, prefix, tenantId } = profile;
  const token = sampleId(tenantId, 'apple token');
  return [
    {
      path: '/deviceManagement/appleUserInitiatedEnrollmentProfiles',
      body: {
        id: sampleId(tenantId, 'apple user enrolment'),
        ...sampleDates,
        displayName: `${prefix} Personal iPhones`,
        description: '',
        platform: 'iOS',
        priority: 1,
        defaultEnrollmentType: 'user',
        availableEnrollmentTypeOptions: [],
        assignments: [toGroup(tenantId, 'SG-Users-Marketing')],
      },
    },
    {
      path: '/deviceManagement/depOnboardingSettings',
      body: {
        id: token,
        appleIdentifier: `devices@${domain}`,
        tokenName: `${prefix} Business Manager`,
        tokenType: 'dep',
        tokenExpirationDateTime: '2027-04-30T10:00:00Z',
        enrollmentProfiles: [
          {
            '@odata.type': '#microsoft.graph.depIOSEnrollmentProfile',
            id: `${token}_${sampleId(tenantId, 'apple profile')}`,
            displayName: `${prefix} Supervised iPads`,
            description: '',
            requiresUserAuthentication: false,
            supervisedModeEnabled: true,
          },
        ],
      },
    },
  ];
}
