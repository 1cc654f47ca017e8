import {
  assigningSilently,
  assignments,
  child,
  collection,
  singleAssignments,
} from './collection-type.ts';

/** Autopilot profiles: assigned one group at a time. */
export const windowsAutopilotDeploymentProfiles = collection(
  '/deviceManagement/windowsAutopilotDeploymentProfiles',
  'windowsAutopilotDeploymentProfile',
  { polymorphic: true, children: [singleAssignments()] },
);

/** Restrictions, status pages and limits of enrolment, in an order of priority. */
export const deviceEnrollmentConfigurations = collection(
  '/deviceManagement/deviceEnrollmentConfigurations',
  'deviceEnrollmentConfiguration',
  {
    polymorphic: true,
    inV1: true,
    children: [assignments()],
    assign: assigningSilently('enrollmentConfigurationAssignments', 200),
    actions: ['setPriority'],
    versioned: true,
  },
);

/** Mails to users whose devices do not comply; each language is written by itself. */
export const notificationMessageTemplates = collection(
  '/deviceManagement/notificationMessageTemplates',
  'notificationMessageTemplate',
  {
    inV1: true,
    createStatus: 200,
    children: [
      child('localizedNotificationMessages', { ids: 'locale', writable: true, createStatus: 200 }),
    ],
  },
);

/** Terms that users accept; the list cannot be expanded. */
export const termsAndConditions = collection(
  '/deviceManagement/termsAndConditions',
  'termsAndConditions',
  {
    inV1: true,
    children: [singleAssignments()],
    expandableInList: false,
    versioned: true,
  },
);

/** Apple's enrolment that users start themselves. */
export const appleUserInitiatedEnrollmentProfiles = collection(
  '/deviceManagement/appleUserInitiatedEnrollmentProfiles',
  'appleUserInitiatedEnrollmentProfile',
  { scopeTags: null, children: [singleAssignments()], actions: ['setPriority'] },
);

/** The look of the Company Portal. */
export const intuneBrandingProfiles = collection(
  '/deviceManagement/intuneBrandingProfiles',
  'intuneBrandingProfile',
  { children: [assignments()], assign: assigningSilently('assignments', 204) },
);

/** How Cloud PCs are provisioned. */
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

/** What users of Cloud PCs may do. */
export const cloudPcUserSettings = collection(
  '/deviceManagement/virtualEndpoint/userSettings',
  'cloudPcUserSetting',
  { scopeTags: null, children: [assignments()], assign: assigningSilently('assignments', 204) },
);
