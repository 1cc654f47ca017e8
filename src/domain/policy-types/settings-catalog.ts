import type { ChildCollection, PolicyType, ReferenceRule } from './policy-type.ts';
import { assignedBy, expandedChild, restoredBy, usual } from './shared-rules.ts';

/** Settings come with the item; how many there are, the item says. */
const settings: ChildCollection = expandedChild('settings', {
  query: '$top=1000',
  countProperty: 'settingCount',
});

const encryptedToken = { property: 'valueState', equals: 'encryptedValueToken' };

/** A setting whose value is the id of a reusable one. */
const reusableSettings: ReferenceRule = {
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
export const settingsCatalogPolicy: PolicyType = {
  ...usual,
  ...permissions,
  type: 'settingsCatalogPolicy',
  displayName: 'Settings catalog policy',
  collection: '/deviceManagement/configurationPolicies',
  nameProperty: 'name',
  platform: { from: 'property', property: 'platforms' },
  list: {
    // The default page holds 25 policies; Graph allows a larger one here, and nextLink is followed all the same.
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
