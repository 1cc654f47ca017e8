import type { PolicyType, ReferenceRule } from './policy-type.ts';
import { expandedChild, restoredBy, usual } from './shared-rules.ts';

/**
 * The policy type behind an item of a set, by the item's type. iOS and Android share one item type, and ids do not tell
 * them apart.
 */
const payloads: readonly (readonly [itemType: string, policyType: string])[] = [
  ['mobileAppPolicySetItem', 'mobileApp'],
  ['deviceConfigurationPolicySetItem', 'deviceConfiguration'],
  ['deviceManagementConfigurationPolicyPolicySetItem', 'settingsCatalogPolicy'],
  ['deviceCompliancePolicyPolicySetItem', 'compliancePolicy'],
  ['deviceManagementScriptPolicySetItem', 'powershellScript'],
  ['enrollmentRestrictionsConfigurationPolicySetItem', 'enrollmentConfiguration'],
  ['windows10EnrollmentCompletionPageConfigurationPolicySetItem', 'enrollmentConfiguration'],
  ['windowsAutopilotDeploymentProfilePolicySetItem', 'autopilotProfile'],
  ['managedAppProtectionPolicySetItem', 'iosAppProtection'],
  ['managedAppProtectionPolicySetItem', 'androidAppProtection'],
  ['mdmWindowsInformationProtectionPolicyPolicySetItem', 'mdmWindowsInformationProtection'],
  ['targetedManagedAppConfigurationPolicySetItem', 'appConfigManagedApp'],
  ['managedDeviceMobileAppConfigurationPolicySetItem', 'appConfigManagedDevice'],
];

function payload([itemType, policyType]: (typeof payloads)[number]): ReferenceRule {
  return {
    within: 'children.items',
    when: { property: '@odata.type', equals: `#microsoft.graph.${itemType}` },
    property: 'payloadId',
    prefixes: [],
    policyType,
  };
}

/** Sets of policies and apps with common assignments. */
const policySet: PolicyType = {
  ...usual,
  type: 'policySet',
  displayName: 'Policy set',
  collection: '/deviceAppManagement/policySets',
  list: { query: '$select=id,displayName,lastModifiedDateTime', builtInWhen: null },
  children: [expandedChild('items')],
  assignments: {
    path: 'assignments',
    expandInItem: true,
    expandInList: false,
    write: { by: 'policySetUpdate' },
  },
  references: payloads.map(payload),
  incremental: {
    by: 'alwaysRead',
    reason:
      'the list can be expanded by nothing, so that the assignments have to be read in any case',
  },
  diff: {
    pairBy: [{ path: 'children.items', keys: ['@odata.type', 'payloadId'] }],
    volatile: [
      'item.status',
      'item.errorCode',
      'children.items.status',
      'children.items.errorCode',
      'children.items.displayName',
      'children.items.itemType',
    ],
  },
  restore: restoredBy({
    wave: 9,
    create: { by: 'post', withChildren: ['items'] },
    strip: ['status', 'errorCode'],
  }),
  readPermission: 'DeviceManagementApps.Read.All',
  writePermission: 'DeviceManagementApps.ReadWrite.All',
};

export const policySetTypes: readonly PolicyType[] = [policySet];
