import type { ChildCollection, PolicyType } from './policy-type.ts';
import { assignedBy, expandedChild, restoredBy, usual } from './shared-rules.ts';

// Graph keeps all of these, and app configurations, in one mixed collection without filters or writes. Each type is
// listed and written at its own path; the mixed collection is not listed.

/** The apps of a policy. Lists must expand them, because an action of their own writes them. */
export const apps: ChildCollection = expandedChild('apps', {
  expand: { clause: 'apps', routable: true, inList: true },
});

/** Common to all policies that Intune applies inside apps. */
export const managedApp = {
  ...usual,
  list: { query: '$select=id,displayName,lastModifiedDateTime,version', builtInWhen: null },
  children: [apps],
  assignments: assignedBy('assignments'),
  incremental: {
    by: 'properties',
    properties: ['lastModifiedDateTime', 'version'],
    reason: 'every change dates and numbers the policy, and lists expand the apps',
  },
  diff: {
    pairBy: [
      {
        path: 'children.apps',
        keys: [
          'mobileAppIdentifier.bundleId',
          'mobileAppIdentifier.packageId',
          'mobileAppIdentifier.windowsAppId',
        ],
      },
    ],
    volatile: ['item.deployedAppCount', 'children.apps.version'],
  },
  restore: restoredBy({
    strip: ['deployedAppCount'],
    stripOnUpdate: ['appGroupType'],
    steps: [{ step: 'targetApps', child: 'apps' }],
  }),
  readPermission: 'DeviceManagementApps.Read.All',
  writePermission: 'DeviceManagementApps.ReadWrite.All',
} as const satisfies Partial<PolicyType>;

/** App protection on iOS. */
const iosAppProtection: PolicyType = {
  ...managedApp,
  type: 'iosAppProtection',
  displayName: 'App protection (iOS)',
  collection: '/deviceAppManagement/iosManagedAppProtections',
  platform: { from: 'constant', platform: 'iOS' },
};

/** App protection on Android. */
const androidAppProtection: PolicyType = {
  ...managedApp,
  type: 'androidAppProtection',
  displayName: 'App protection (Android)',
  collection: '/deviceAppManagement/androidManagedAppProtections',
  platform: { from: 'constant', platform: 'android' },
};

/** App protection on Windows, for the browser. */
const windowsAppProtection: PolicyType = {
  ...managedApp,
  type: 'windowsAppProtection',
  displayName: 'App protection (Windows)',
  collection: '/deviceAppManagement/windowsManagedAppProtections',
  platform: { from: 'constant', platform: 'windows10' },
};

/** Protection of an app without any other policy. */
const defaultAppProtection: PolicyType = {
  ...managedApp,
  type: 'defaultAppProtection',
  displayName: 'App protection (default)',
  collection: '/deviceAppManagement/defaultManagedAppProtections',
  assignments: null,
};

const appLockerFiles = ['protectedAppLockerFiles', 'exemptAppLockerFiles'].map((name) =>
  expandedChild(name, { expand: { clause: name, routable: true, inList: true } }),
);

/** Common to both kinds of Windows Information Protection. */
const informationProtection = {
  ...managedApp,
  platform: { from: 'constant', platform: 'windows10' },
  children: appLockerFiles,
  incremental: {
    ...managedApp.incremental,
    reason: 'every change dates and numbers the policy, and lists expand the AppLocker files',
  },
  diff: {
    pairBy: [
      { path: 'children.protectedAppLockerFiles', keys: ['displayName'] },
      { path: 'children.exemptAppLockerFiles', keys: ['displayName'] },
    ],
    volatile: appLockerFiles.map(({ name }) => `children.${name}.version`),
  },
  restore: restoredBy({
    steps: appLockerFiles.map(
      ({ name }) => ({ step: 'postEach', child: name, first: null, fixed: [] }) as const,
    ),
  }),
} as const satisfies Partial<PolicyType>;

/** Windows Information Protection of enrolled devices. */
const mdmWindowsInformationProtection: PolicyType = {
  ...informationProtection,
  type: 'mdmWindowsInformationProtection',
  displayName: 'Windows Information Protection (enrolled)',
  collection: '/deviceAppManagement/mdmWindowsInformationProtectionPolicies',
};

/** Windows Information Protection of devices without enrolment. */
const windowsInformationProtection: PolicyType = {
  ...informationProtection,
  type: 'windowsInformationProtection',
  displayName: 'Windows Information Protection (not enrolled)',
  collection: '/deviceAppManagement/windowsInformationProtectionPolicies',
};

export const appProtectionTypes: readonly PolicyType[] = [
  iosAppProtection,
  androidAppProtection,
  windowsAppProtection,
  mdmWindowsInformationProtection,
  windowsInformationProtection,
  defaultAppProtection,
];
