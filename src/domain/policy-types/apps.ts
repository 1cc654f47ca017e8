import { managedApp } from './app-protection.ts';
import { odataPlatforms } from './odata-platforms.ts';
import type { PolicyType } from './policy-type.ts';
import { assignedBy, expandedChild, restoredBy, usual } from './shared-rules.ts';

const permissions = {
  readPermission: 'DeviceManagementApps.Read.All',
  writePermission: 'DeviceManagementApps.ReadWrite.All',
};

/** Settings for apps that Intune manages without the device. */
const appConfigManagedApp: PolicyType = {
  ...managedApp,
  type: 'appConfigManagedApp',
  displayName: 'App configuration (managed apps)',
  collection: '/deviceAppManagement/targetedManagedAppConfigurations',
  diff: {
    pairBy: [...managedApp.diff.pairBy, { path: 'item.customSettings', keys: ['name'] }],
    volatile: managedApp.diff.volatile,
  },
};

/** Settings for apps on managed devices, including OEMConfig. */
const appConfigManagedDevice: PolicyType = {
  ...usual,
  ...permissions,
  type: 'appConfigManagedDevice',
  displayName: 'App configuration (managed devices)',
  collection: '/deviceAppManagement/mobileAppConfigurations',
  platform: { from: 'odataType', prefixes: odataPlatforms },
  list: { query: '$select=id,displayName,lastModifiedDateTime,version', builtInWhen: null },
  assignments: {
    ...assignedBy('assignments'),
    write: {
      by: 'assign',
      action: 'microsoft.graph.managedDeviceMobileAppConfiguration/assign',
      key: 'assignments',
    },
  },
  references: [
    {
      within: 'item',
      when: null,
      property: 'targetedMobileApps',
      prefixes: [],
      policyType: 'mobileApp',
    },
  ],
  incremental: {
    by: 'properties',
    properties: ['lastModifiedDateTime', 'version'],
    reason: 'a configuration is written by one PATCH, which dates and numbers it',
  },
  diff: { pairBy: [{ path: 'item.settings', keys: ['appConfigKey'] }], volatile: [] },
  restore: restoredBy(),
};

/**
 * Apps by name, type and assignments: configurations, status pages and policy sets refer to them. Graph does not return
 * the binary, so a restore cannot create an app.
 */
const mobileApp: PolicyType = {
  ...usual,
  ...permissions,
  type: 'mobileApp',
  displayName: 'App',
  collection: '/deviceAppManagement/mobileApps',
  platform: {
    from: 'odataType',
    prefixes: [...odataPlatforms, { prefix: 'win', platform: 'windows10' }],
  },
  list: { query: '$select=id,displayName,lastModifiedDateTime', builtInWhen: null },
  children: [
    expandedChild('categories', {
      expand: { clause: 'categories', routable: true, inList: true },
    }),
  ],
  assignments: { ...assignedBy('mobileAppAssignments'), write: { by: 'none' } },
  incremental: {
    by: 'properties',
    properties: ['lastModifiedDateTime'],
    reason: 'every change dates the app, and lists expand the categories',
  },
  diff: {
    pairBy: [{ path: 'children.categories', keys: ['id'] }],
    volatile: ['item.publishingState', 'item.uploadState', 'item.usedLicenseCount'],
  },
  restore: null,
};

export const appTypes: readonly PolicyType[] = [
  appConfigManagedApp,
  appConfigManagedDevice,
  mobileApp,
];
