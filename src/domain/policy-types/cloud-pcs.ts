import type { PolicyType } from './policy-type.ts';
import { assignedBy, restoredBy, usual } from './shared-rules.ts';

/** Common to Windows 365's policies. Their assignments name groups by a target type of their own. */
const cloudPc = {
  ...usual,
  platform: { from: 'constant', platform: 'windows10' },
  list: { query: null, builtInWhen: null },
  assignments: assignedBy('assignments'),
  incremental: { by: 'wholeEntry', reason: 'the list gives all that there is to read' },
  restore: restoredBy(),
  readPermission: 'CloudPC.Read.All',
  writePermission: 'CloudPC.ReadWrite.All',
} as const satisfies Partial<PolicyType>;

/** Provisioning of Cloud PCs. */
const cloudPcProvisioningPolicy: PolicyType = {
  ...cloudPc,
  type: 'cloudPcProvisioningPolicy',
  displayName: 'Cloud PC provisioning policy',
  collection: '/deviceManagement/virtualEndpoint/provisioningPolicies',
  restore: restoredBy({
    strip: ['alternateResourceUrl', 'cloudPcGroupDisplayName', 'gracePeriodInHours'],
  }),
};

/** Rights of Cloud PC users. */
const cloudPcUserSetting: PolicyType = {
  ...cloudPc,
  type: 'cloudPcUserSetting',
  displayName: 'Cloud PC user setting',
  collection: '/deviceManagement/virtualEndpoint/userSettings',
};

export const cloudPcTypes: readonly PolicyType[] = [cloudPcProvisioningPolicy, cloudPcUserSetting];
