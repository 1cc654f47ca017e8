import type { JsonObject } from '../json/object.ts';
import { elementsOf, textOf, valueOf, withMember } from '../json/object.ts';
import {
  appleProfilesPath,
  checkNewEnrollment,
  enrollmentId,
  initialAppleProfile,
  initialEnrollment,
  refuseDefault,
} from './enrollment-priority.ts';
import { checkMessage, withDefaultMessage } from './notification-messages.ts';
import { assigningSilently } from './assign-action.ts';
import { assignments, child, singleAssignments } from './child-collection.ts';
import { collection } from './collection-type.ts';
import { refuseWhileInUse } from './in-use.ts';
import { prefixedReference, reference } from './reference.ts';

const templatesPath = '/deviceManagement/notificationMessageTemplates';

/** Autopilot profiles: assigned one group at a time. */
export const windowsAutopilotDeploymentProfiles = collection(
  '/deviceManagement/windowsAutopilotDeploymentProfiles',
  'windowsAutopilotDeploymentProfile',
  {
    polymorphic: true,
    abstract: true,
    children: [singleAssignments()],
    checkCreate: (body) =>
      textOf(body, 'managementServiceAppId') === 'null'
        ? 'The managementServiceAppId must not be null'
        : null,
    checkDelete: (stored) =>
      elementsOf(stored, 'assignments').length > 0
        ? 'The profile is assigned and cannot be deleted'
        : null,
  },
);

/** Restrictions, status pages and limits of enrolment, ordered by priority. */
export const deviceEnrollmentConfigurations = collection(
  '/deviceManagement/deviceEnrollmentConfigurations',
  'deviceEnrollmentConfiguration',
  {
    polymorphic: true,
    abstract: true,
    inV1: true,
    references: [
      reference('selectedMobileAppIds', '/deviceAppManagement/mobileApps'),
      prefixedReference('notificationTemplates', /^(?:email|push)_/i, templatesPath),
    ],
    children: [assignments()],
    assign: assigningSilently('enrollmentConfigurationAssignments', 200),
    actions: ['setPriority'],
    versioned: true,
    idOf: enrollmentId,
    // A PATCH may repeat the kind, as clients do; only setPriority moves the priority.
    immutable: ['deviceEnrollmentConfigurationType'],
    unpatchable: ['priority', 'platformType'],
    checkCreate: checkNewEnrollment,
    initial: initialEnrollment,
    checkAssign: refuseDefault,
    checkDelete: refuseDefault,
  },
);

/** Mails to users with noncompliant devices; each language is written separately. */
export const notificationMessageTemplates = collection(
  templatesPath,
  'notificationMessageTemplate',
  {
    inV1: true,
    createStatus: 200,
    children: [
      child('localizedNotificationMessages', {
        ids: 'locale',
        writable: true,
        createStatus: 200,
        unpatchable: ['locale'],
      }),
    ],
    // Messages are created one by one; the first one sets the default locale.
    createdOnlyWith: [
      'displayName',
      'brandingOptions',
      'roleScopeTagIds',
      'localizedNotificationMessages',
    ],
    unpatchable: ['defaultLocale'],
    checkEntry: checkMessage,
    checkDelete: refuseWhileInUse('The notification template is used by a policy'),
    afterEntry: withDefaultMessage,
  },
);

/** Terms accepted by users; only their own path returns the assignments. */
export const termsAndConditions = collection(
  '/deviceManagement/termsAndConditions',
  'termsAndConditions',
  {
    inV1: true,
    children: [singleAssignments()],
    refusedExpands: ['assignments'],
    versioned: true,
  },
);

/** Apple enrolment started by users. */
export const appleUserInitiatedEnrollmentProfiles = collection(
  appleProfilesPath,
  'appleUserInitiatedEnrollmentProfile',
  {
    scopeTags: null,
    children: [singleAssignments()],
    actions: ['setPriority'],
    initial: initialAppleProfile,
    unpatchable: ['platform', 'priority'],
  },
);

/** The look of the Company Portal. */
export const intuneBrandingProfiles = collection(
  '/deviceManagement/intuneBrandingProfiles',
  'intuneBrandingProfile',
  {
    children: [assignments()],
    assign: assigningSilently('assignments', 204),
    withheld: ['themeColorLogo', 'lightBackgroundLogo', 'landingPageCustomizedImage'],
    createdOnlyWith: ['profileName', 'profileDescription', 'roleScopeTagIds'],
    initial: (body) => withMember(body, 'isDefaultProfile', 'false'),
    checkUpdate: (given, stored) => {
      const named = isDefaultProfile(stored)
        ? fixedInDefaultProfile.find((name) => textOf(given, name) !== undefined)
        : undefined;
      return named === undefined ? null : `The default profile does not allow to change ${named}`;
    },
    checkAssign: refuseDefaultProfile,
    checkDelete: refuseDefaultProfile,
  },
);

/** Properties fixed in every tenant's default profile. */
const fixedInDefaultProfile = [
  'profileName',
  'isDefaultProfile',
  'disableClientTelemetry',
  'profileDescription',
];

function isDefaultProfile(stored: JsonObject): boolean {
  return valueOf(stored, 'isDefaultProfile') === true;
}

function refuseDefaultProfile(stored: JsonObject): string | null {
  return isDefaultProfile(stored)
    ? 'The default branding profile can be neither assigned nor deleted'
    : null;
}

/** Provisioning of Cloud PCs. */
export const provisioningPolicies = collection(
  '/deviceManagement/virtualEndpoint/provisioningPolicies',
  'cloudPcProvisioningPolicy',
  {
    scopeTags: null,
    dated: false,
    children: [assignments()],
    assign: assigningSilently('assignments', 204),
  },
);

/** Permissions of Cloud PC users. */
export const cloudPcUserSettings = collection(
  '/deviceManagement/virtualEndpoint/userSettings',
  'cloudPcUserSetting',
  { scopeTags: null, children: [assignments()], assign: assigningSilently('assignments', 204) },
);
