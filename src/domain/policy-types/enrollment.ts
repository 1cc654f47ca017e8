import type { AssignmentRule, PolicyType } from './policy-type.ts';
import { assignedBy, ownChild, restoredBy, usual } from './shared-rules.ts';

const permissions = {
  readPermission: 'DeviceManagementServiceConfig.Read.All',
  writePermission: 'DeviceManagementServiceConfig.ReadWrite.All',
};

const assignedOneByOne: AssignmentRule = {
  path: 'assignments',
  expandInItem: true,
  expandInList: true,
  write: { by: 'each' },
};

/** Windows Autopilot deployment profiles. Their `/assign` takes devices, not groups. */
const autopilotProfile: PolicyType = {
  ...usual,
  ...permissions,
  type: 'autopilotProfile',
  displayName: 'Autopilot deployment profile',
  collection: '/deviceManagement/windowsAutopilotDeploymentProfiles',
  platform: { from: 'constant', platform: 'windows10' },
  list: { query: '$select=id,displayName,lastModifiedDateTime', builtInWhen: null },
  assignments: assignedOneByOne,
  incremental: {
    by: 'properties',
    properties: ['lastModifiedDateTime'],
    reason: 'a profile is written by one PATCH, which dates it',
  },
  restore: restoredBy({
    emptyWhenNull: ['managementServiceAppId'],
    stripOnUpdate: ['managementServiceAppId'],
  }),
};

/**
 * Restrictions, status pages, limits and mails of enrolment. Those of priority 0 are the defaults of every tenant; the
 * tenant may change them, so they are listed like the others.
 */
const enrollmentConfiguration: PolicyType = {
  ...usual,
  ...permissions,
  type: 'enrollmentConfiguration',
  displayName: 'Enrollment configuration',
  collection: '/deviceManagement/deviceEnrollmentConfigurations',
  list: {
    query: '$select=id,displayName,lastModifiedDateTime,version,priority',
    builtInWhen: null,
  },
  assignments: assignedBy('enrollmentConfigurationAssignments'),
  references: [
    {
      within: 'item',
      when: null,
      property: 'selectedMobileAppIds',
      prefixes: [],
      policyType: 'mobileApp',
    },
    {
      within: 'item',
      when: null,
      property: 'notificationTemplates',
      prefixes: ['Email_', 'Push_', 'email_', 'push_'],
      policyType: 'notificationTemplate',
    },
  ],
  incremental: {
    by: 'properties',
    properties: ['lastModifiedDateTime', 'version', 'priority'],
    reason: 'every change dates and numbers the configuration, or changes its priority',
  },
  restore: restoredBy({
    strip: ['priority'],
    stripOnUpdate: ['platformType', 'deviceEnrollmentConfigurationType'],
    inPlaceWhen: { property: 'priority', equals: 0 },
    steps: [{ step: 'setPriority' }],
  }),
};

/** Apple's enrolment by users. */
const appleUserEnrollment: PolicyType = {
  ...usual,
  ...permissions,
  type: 'appleUserEnrollment',
  displayName: 'Apple user enrollment profile',
  collection: '/deviceManagement/appleUserInitiatedEnrollmentProfiles',
  platform: { from: 'property', property: 'platform' },
  list: {
    query: '$select=id,displayName,platform,lastModifiedDateTime,priority',
    builtInWhen: null,
  },
  assignments: assignedOneByOne,
  incremental: {
    by: 'properties',
    properties: ['lastModifiedDateTime', 'priority'],
    reason: 'a profile is written by one PATCH, which dates it, or changes its priority',
  },
  restore: restoredBy({
    strip: ['priority'],
    stripOnUpdate: ['platform'],
    steps: [{ step: 'setPriority' }],
  }),
};

/** Apple's enrolment program: a token and its profiles. Without the token the profiles do nothing. */
const appleEnrollmentProgram: PolicyType = {
  ...usual,
  ...permissions,
  type: 'appleEnrollmentProgram',
  displayName: 'Apple enrollment program token and profiles',
  collection: '/deviceManagement/depOnboardingSettings',
  nameProperty: 'tokenName',
  platform: { from: 'constant', platform: 'iOS' },
  list: { query: '$select=id,tokenName', builtInWhen: null },
  children: [ownChild('enrollmentProfiles')],
  incremental: { by: 'alwaysRead', reason: 'profiles carry no time' },
  diff: {
    pairBy: [{ path: 'children.enrollmentProfiles', keys: ['id'] }],
    volatile: [
      'item.lastSuccessfulSyncDateTime',
      'item.lastSyncTriggeredDateTime',
      'item.lastSyncErrorCode',
      'item.syncedDeviceCount',
    ],
  },
  restore: null,
};

/** Terms that users accept at enrolment. Graph never expands their assignments. */
const termsAndConditions: PolicyType = {
  ...usual,
  ...permissions,
  type: 'termsAndConditions',
  displayName: 'Terms and conditions',
  collection: '/deviceManagement/termsAndConditions',
  list: { query: '$select=id,displayName,lastModifiedDateTime,version', builtInWhen: null },
  assignments: { ...assignedOneByOne, expandInItem: false, expandInList: false },
  incremental: {
    by: 'alwaysRead',
    reason: 'no list gives the assignments, which have to be read in any case',
  },
  restore: restoredBy(),
};

/** Categories that users choose for their devices. */
const deviceCategory: PolicyType = {
  ...usual,
  type: 'deviceCategory',
  displayName: 'Device category',
  collection: '/deviceManagement/deviceCategories',
  list: { query: null, builtInWhen: null },
  incremental: { by: 'wholeEntry', reason: 'the list gives all that a category has, and no time' },
  restore: restoredBy({ wave: 2 }),
  readPermission: 'DeviceManagementManagedDevices.Read.All',
  writePermission: 'DeviceManagementManagedDevices.ReadWrite.All',
};

/** Graph serves images at their own addresses and writes null in the profile. A write of the profile includes them. */
const images = ['themeColorLogo', 'lightBackgroundLogo', 'landingPageCustomizedImage'].map((name) =>
  ownChild(name, { shape: 'object', datesItem: true }),
);

/** The look of the Company Portal. Every tenant has a default one. */
const intuneBranding: PolicyType = {
  ...usual,
  type: 'intuneBranding',
  displayName: 'Company Portal branding',
  collection: '/deviceManagement/intuneBrandingProfiles',
  nameProperty: 'profileName',
  list: { query: '$select=id,profileName,lastModifiedDateTime', builtInWhen: null },
  children: images,
  assignments: assignedBy('assignments'),
  incremental: {
    by: 'properties',
    properties: ['lastModifiedDateTime'],
    reason: 'a profile is written by one PATCH, which dates it',
  },
  restore: restoredBy({
    create: {
      by: 'postThenPatch',
      properties: ['profileName', 'profileDescription', 'roleScopeTagIds'],
    },
    stripInPlace: [
      'profileName',
      'isDefaultProfile',
      'disableClientTelemetry',
      'profileDescription',
    ],
    inPlaceWhen: { property: 'isDefaultProfile', equals: true },
    steps: images.map(({ name }) => ({ step: 'patchChild', child: name }) as const),
  }),
  readPermission: 'DeviceManagementApps.Read.All',
  writePermission: 'DeviceManagementApps.ReadWrite.All',
};

export const enrollmentTypes: readonly PolicyType[] = [
  autopilotProfile,
  enrollmentConfiguration,
  appleUserEnrollment,
  appleEnrollmentProgram,
  termsAndConditions,
  deviceCategory,
  intuneBranding,
];
