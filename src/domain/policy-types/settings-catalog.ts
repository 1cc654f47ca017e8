import type { PolicyType } from './policy-type.ts';

/** Settings catalog policies; endpoint security and baselines are the same type with a template. */
export const settingsCatalogPolicy: PolicyType = {
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
  item: { query: null },
  children: [
    {
      name: 'settings',
      path: 'settings',
      query: '$top=1000',
      countProperty: 'settingCount',
      each: [],
    },
  ],
  assignments: { path: 'assignments' },
  supports: { capture: true, restore: false },
  secretMarkers: [{ property: 'valueState', equals: 'encryptedValueToken' }],
  readPermission: 'DeviceManagementConfiguration.Read.All',
};
