import type { ChildCollection, PolicyType, ReferenceRule } from './policy-type.ts';
import { assignedBy, expandedChild, restoredBy, usual } from './shared-rules.ts';

/** The settings of a policy. They come with the item, and the item states their number. */
export const settings: ChildCollection = expandedChild('settings', {
  query: '$top=1000',
  countProperty: 'settingCount',
  datesItem: true,
});

const encryptedToken = { property: 'valueState', equals: 'encryptedValueToken' };

/** A setting with the id of a reusable setting as its value. */
export const reusableSettings: ReferenceRule = {
  within: 'anywhere',
  when: {
    property: '@odata.type',
    equals: '#microsoft.graph.deviceManagementConfigurationReferenceSettingValue',
  },
  property: 'value',
  prefixes: [],
  policyType: 'reusableSetting',
};

const permissions = {
  readPermission: 'DeviceManagementConfiguration.Read.All',
  writePermission: 'DeviceManagementConfiguration.ReadWrite.All',
};

/** Settings catalog policies; endpoint security and baselines are the same type with a template. */
const settingsCatalogPolicy: PolicyType = {
  ...usual,
  ...permissions,
  type: 'settingsCatalogPolicy',
  displayName: 'Settings catalog policy',
  collection: '/deviceManagement/configurationPolicies',
  nameProperty: 'name',
  platform: { from: 'property', property: 'platforms' },
  list: {
    // The default page holds 25 policies; Graph allows a larger one here. nextLink is followed all the same.
    query: '$select=id,name,platforms,lastModifiedDateTime&$top=100',
    builtInWhen: null,
  },
  children: [settings],
  assignments: assignedBy('assignments'),
  references: [reusableSettings],
  incremental: {
    by: 'properties',
    properties: ['lastModifiedDateTime'],
    reason: 'settings are written by a PUT of the whole policy, which dates it',
  },
  restore: restoredBy({
    create: { by: 'post', withChildren: ['settings'] },
    update: 'PUT',
    strip: ['creationSource', 'priorityMetaData'],
  }),
  secretMarkers: [encryptedToken],
};

/** Properties for devices to report. */
const inventoryPolicy: PolicyType = {
  ...usual,
  ...permissions,
  type: 'inventoryPolicy',
  displayName: 'Inventory policy',
  collection: '/deviceManagement/inventoryPolicies',
  nameProperty: 'name',
  platform: { from: 'property', property: 'platforms' },
  list: { query: '$select=id,name,platforms,lastModifiedDateTime&$top=100', builtInWhen: null },
  children: [settings],
  assignments: assignedBy('assignments'),
  incremental: settingsCatalogPolicy.incremental,
  restore: restoredBy({
    create: { by: 'post', withChildren: ['settings'] },
    update: 'PUT',
  }),
};

/** Settings shared by several policies. A plain read omits the setting; a read must name it. */
const reusableSetting: PolicyType = {
  ...usual,
  ...permissions,
  type: 'reusableSetting',
  displayName: 'Reusable setting',
  collection: '/deviceManagement/reusablePolicySettings',
  list: { query: '$select=id,displayName,lastModifiedDateTime,version', builtInWhen: null },
  item: {
    query:
      '$select=id,displayName,description,settingDefinitionId,settingInstance,createdDateTime,lastModifiedDateTime,version',
  },
  incremental: {
    by: 'properties',
    properties: ['lastModifiedDateTime', 'version'],
    reason: 'a setting is written as a whole, which dates and numbers it',
  },
  restore: restoredBy({
    wave: 3,
    strip: ['referencingConfigurationPolicyCount', 'referencingConfigurationPolicies'],
  }),
  secretMarkers: [encryptedToken],
};

export const settingsCatalogTypes: readonly PolicyType[] = [
  settingsCatalogPolicy,
  inventoryPolicy,
  reusableSetting,
];
