import { appId } from './apps.ts';
import { groupAssignments } from './assignments.ts';
import { notificationTemplates, scopeTags } from './foundations.ts';
import { groupId } from './groups.ts';
import { dates, idOfOther, maker, type Making, type SeedBody } from './object-maker.ts';
import { namedGuid } from './seeded-random.ts';

const manage = '/deviceManagement';

function named(making: Making): SeedBody {
  return {
    ...dates(making),
    displayName: making.name,
    description: '',
    roleScopeTagIds: scopeTags(making),
  };
}

/** The kinds of enrolment configuration: type, end of the id, name, and content. */
const enrollmentForms: readonly (readonly [
  string,
  string,
  string,
  (making: Making) => SeedBody,
])[] = [
  [
    'deviceEnrollmentPlatformRestrictionConfiguration',
    'SinglePlatformRestriction',
    'singlePlatformRestriction',
    ({ index }) => ({
      platformType: index % 2 === 0 ? 'ios' : 'androidForWork',
      platformRestriction: { platformBlocked: false, personalDeviceEnrollmentBlocked: true },
    }),
  ],
  [
    'windows10EnrollmentCompletionPageConfiguration',
    'Windows10EnrollmentCompletionPageConfiguration',
    'windows10EnrollmentCompletionPageConfiguration',
    (making) => ({
      showInstallationProgress: true,
      installProgressTimeoutInMinutes: 60,
      // A tenant may have a single app.
      selectedMobileAppIds: [...new Set([appId(making, 0), appId(making, 1)])].filter(
        (id) => id !== null,
      ),
    }),
  ],
  [
    'deviceEnrollmentNotificationConfiguration',
    'EnrollmentNotificationsConfiguration',
    'enrollmentNotificationsConfiguration',
    (making) => {
      const template = idOfOther(making, notificationTemplates, making.index);
      return {
        platformType: 'windows',
        templateType: 'email',
        brandingOptions: 'none',
        notificationTemplates: template === null ? [] : [`Email_${template}`],
      };
    },
  ],
];

/** The defaults of a tenant: priority 0, for all users. */
const defaults: readonly (readonly [string, string, string, SeedBody])[] = [
  ['deviceEnrollmentLimitConfiguration', 'DefaultLimit', 'defaultLimit', { limit: 5 }],
  [
    'deviceEnrollmentPlatformRestrictionsConfiguration',
    'DefaultPlatformRestrictions',
    'defaultPlatformRestrictions',
    { windowsRestriction: { platformBlocked: false, personalDeviceEnrollmentBlocked: false } },
  ],
  [
    'deviceEnrollmentWindowsHelloForBusinessConfiguration',
    'DefaultWindowsHelloForBusiness',
    'defaultWindowsHelloForBusiness',
    { pinMinimumLength: 6, state: 'notConfigured' },
  ],
  [
    'windows10EnrollmentCompletionPageConfiguration',
    'DefaultWindows10EnrollmentCompletionPageConfiguration',
    'defaultWindows10EnrollmentCompletionPageConfiguration',
    { showInstallationProgress: false, selectedMobileAppIds: [] },
  ],
];

/** Enrolment configurations: the tenant's four defaults first, then others in an order of priority. */
export const enrollmentConfigurations = maker(
  `${manage}/deviceEnrollmentConfigurations`,
  'Enrollment',
  2,
  (making) => {
    const standard = defaults[making.index];
    if (standard !== undefined) {
      const [type, , kind, properties] = standard;
      return {
        '@odata.type': `#microsoft.graph.${type}`,
        ...named(making),
        displayName: 'All users and all devices',
        priority: 0,
        version: 1,
        deviceEnrollmentConfigurationType: kind,
        ...properties,
        assignments: [],
      };
    }
    const [type, , kind, properties] = enrollmentForm(making.index);
    return {
      '@odata.type': `#microsoft.graph.${type}`,
      ...named(making),
      priority: priorityOf(making.index),
      version: 1,
      deviceEnrollmentConfigurationType: kind,
      ...properties(making),
      assignments: groupAssignments(making),
    };
  },
  {
    idForm: ({ seed, index }) => {
      const suffix = defaults[index]?.[1] ?? enrollmentForm(index)[1];
      const guid = namedGuid(index < defaults.length ? `${seed}` : `${seed} enrollment ${index}`);
      return `${guid}_${suffix}`;
    },
    countMin: defaults.length + enrollmentForms.length,
  },
);

/** Each kind has an order of its own, without gaps; restrictions of two platforms take turns. */
function priorityOf(index: number): number {
  const ofForm = Math.floor((index - defaults.length) / enrollmentForms.length);
  return (index % enrollmentForms.length === 0 ? Math.floor(ofForm / 2) : ofForm) + 1;
}

function enrollmentForm(index: number): (typeof enrollmentForms)[number] {
  const form = enrollmentForms[index % enrollmentForms.length];
  if (form === undefined) throw new Error('there is no form of enrolment');
  return form;
}

/** Autopilot, Apple's and Microsoft's enrolment, terms and looks. */
export const enrollment = [
  maker(
    `${manage}/windowsAutopilotDeploymentProfiles`,
    'Autopilot',
    1,
    (making) => ({
      '@odata.type': '#microsoft.graph.azureADWindowsAutopilotDeploymentProfile',
      ...named(making),
      deviceNameTemplate: `GEN${making.index}%RAND:4%`,
      language: 'os-default',
      managementServiceAppId: '',
      outOfBoxExperienceSettings: { hidePrivacySettings: true, userType: 'standard' },
      assignments: groupAssignments(making),
    }),
    { countMax: 200 },
  ),
  maker(
    `${manage}/appleUserInitiatedEnrollmentProfiles`,
    'Apple user',
    1,
    (making) => ({
      ...dates(making),
      displayName: making.name,
      description: '',
      platform: 'iOS',
      priority: making.index + 1,
      defaultEnrollmentType: 'device',
      availableEnrollmentTypeOptions: [],
      assignments: groupAssignments(making),
    }),
    { countMax: 50 },
  ),
  maker(
    `${manage}/depOnboardingSettings`,
    'Apple token',
    1,
    (making) => ({
      appleIdentifier: `mdm${making.index}@contoso.example`,
      tokenName: making.name,
      tokenExpirationDateTime: '2027-05-05T05:05:05Z',
      enrollmentProfiles: [
        {
          '@odata.type': '#microsoft.graph.depIOSEnrollmentProfile',
          id: `${making.id}_${namedGuid(`${making.id} profile`)}`,
          displayName: `${making.name} iOS`,
          requiresUserAuthentication: true,
          supervisedModeEnabled: true,
        },
      ],
    }),
    { countMax: 5 },
  ),
  maker(
    `${manage}/termsAndConditions`,
    'Terms',
    1,
    (making) => ({
      ...named(making),
      title: 'Terms of use',
      bodyText: 'Be careful — “really”.',
      acceptanceStatement: 'I accept',
      version: (making.index % 3) + 1,
      assignments: groupAssignments(making),
    }),
    { countMax: 40 },
  ),
  maker(
    `${manage}/intuneBrandingProfiles`,
    'Branding',
    1,
    (making) => ({
      ...dates(making),
      profileName: making.index === 0 ? 'Default Branding Profile' : making.name,
      profileDescription: null,
      isDefaultProfile: making.index === 0,
      displayName: 'Contoso',
      themeColor: { r: 0, g: making.index % 256, b: 198 },
      roleScopeTagIds: ['0'],
      themeColorLogo: making.index % 2 === 0 ? null : { type: 'image/png', value: 'iVBORw0KGgo=' },
      lightBackgroundLogo: null,
      landingPageCustomizedImage: null,
      assignments: making.index === 0 ? [] : groupAssignments(making),
    }),
    { countMax: 10 },
  ),
  maker(
    `${manage}/virtualEndpoint/provisioningPolicies`,
    'Cloud PC',
    1,
    (making) => ({
      displayName: making.name,
      description: '',
      imageId: 'microsoftwindowsdesktop_windows-ent-cpc_win11-24h2-ent-cpc',
      imageType: 'gallery',
      provisioningType: 'dedicated',
      domainJoinConfigurations: [{ type: 'azureADJoin', regionName: 'automatic' }],
      assignments: cloudPcAssignments(making),
    }),
    { countMax: 60 },
  ),
  maker(
    `${manage}/virtualEndpoint/userSettings`,
    'Cloud PC users',
    1,
    (making) => ({
      ...dates(making),
      displayName: making.name,
      localAdminEnabled: making.index % 2 === 0,
      resetEnabled: true,
      assignments: cloudPcAssignments(making),
    }),
    { countMax: 60 },
  ),
];

function cloudPcAssignments(making: Making): SeedBody[] {
  return [
    {
      target: {
        '@odata.type': '#microsoft.graph.cloudPcManagementGroupAssignmentTarget',
        groupId: groupId(making.seed, making.index),
        servicePlanId: null,
      },
    },
  ];
}
