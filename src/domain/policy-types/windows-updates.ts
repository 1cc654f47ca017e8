import type { PolicyType } from './policy-type.ts';
import { assignedBy, restoredBy, usual } from './shared-rules.ts';

/** Common to the kinds of Windows updates. Update rings are device configuration profiles. */
const update = {
  ...usual,
  platform: { from: 'constant', platform: 'windows10' },
  list: { query: '$select=id,displayName,lastModifiedDateTime', builtInWhen: null },
  assignments: assignedBy('assignments'),
  incremental: {
    by: 'properties',
    properties: ['lastModifiedDateTime'],
    reason: 'a profile is written by one PATCH, which dates it',
  },
  readPermission: 'DeviceManagementConfiguration.Read.All',
  writePermission: 'DeviceManagementConfiguration.ReadWrite.All',
} as const;

/** The Windows version for devices. */
const windowsFeatureUpdate: PolicyType = {
  ...update,
  type: 'windowsFeatureUpdate',
  displayName: 'Windows feature update',
  collection: '/deviceManagement/windowsFeatureUpdateProfiles',
  diff: { pairBy: [], volatile: ['item.deployableContentDisplayName', 'item.endOfSupportDate'] },
  restore: restoredBy({
    strip: ['deployableContentDisplayName', 'endOfSupportDate'],
    stripOnUpdate: ['installLatestWindows10OnWindows11IneligibleDevice'],
  }),
};

/** Expedited quality updates. */
const windowsQualityUpdateProfile: PolicyType = {
  ...update,
  type: 'windowsQualityUpdateProfile',
  displayName: 'Windows expedited update',
  collection: '/deviceManagement/windowsQualityUpdateProfiles',
  diff: {
    pairBy: [],
    volatile: ['item.releaseDateDisplayName', 'item.deployableContentDisplayName'],
  },
  restore: restoredBy({ strip: ['releaseDateDisplayName', 'deployableContentDisplayName'] }),
};

/** Quality updates without a restart. */
const windowsQualityUpdatePolicy: PolicyType = {
  ...update,
  type: 'windowsQualityUpdatePolicy',
  displayName: 'Windows hotpatch policy',
  collection: '/deviceManagement/windowsQualityUpdatePolicies',
  restore: restoredBy(),
};

/** Driver updates by rule. The offered drivers are the devices' state, not a policy. */
const windowsDriverUpdate: PolicyType = {
  ...update,
  type: 'windowsDriverUpdate',
  displayName: 'Windows driver update',
  collection: '/deviceManagement/windowsDriverUpdateProfiles',
  diff: {
    pairBy: [],
    volatile: ['item.inventorySyncStatus', 'item.newUpdates', 'item.deviceReporting'],
  },
  restore: restoredBy({
    strip: ['inventorySyncStatus', 'newUpdates', 'deviceReporting'],
    stripOnUpdate: ['approvalType'],
  }),
};

export const windowsUpdateTypes: readonly PolicyType[] = [
  windowsFeatureUpdate,
  windowsQualityUpdateProfile,
  windowsQualityUpdatePolicy,
  windowsDriverUpdate,
];
