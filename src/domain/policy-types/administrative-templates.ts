import type { PolicyType } from './policy-type.ts';

/** ADMX policies. Their values, and the presentations of each value, are collections of their own. */
export const administrativeTemplate: PolicyType = {
  type: 'administrativeTemplate',
  displayName: 'Administrative template',
  collection: '/deviceManagement/groupPolicyConfigurations',
  nameProperty: 'displayName',
  platform: { from: 'constant', platform: 'windows10' },
  list: { query: '$select=id,displayName,lastModifiedDateTime', builtInWhen: null },
  item: { query: null },
  children: [
    {
      name: 'definitionValues',
      path: 'definitionValues',
      query: '$expand=definition',
      countProperty: null,
      each: [
        { name: 'presentationValues', path: 'presentationValues', query: '$expand=presentation' },
      ],
    },
  ],
  assignments: { path: 'assignments' },
  supports: { capture: true, restore: false },
  secretMarkers: [],
  readPermission: 'DeviceManagementConfiguration.Read.All',
};
