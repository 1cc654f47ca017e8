import type { PolicyType } from './policy-type.ts';

/** Assignment filters, to which assignments of other policies point. */
export const assignmentFilter: PolicyType = {
  type: 'assignmentFilter',
  displayName: 'Assignment filter',
  collection: '/deviceManagement/assignmentFilters',
  nameProperty: 'displayName',
  platform: { from: 'property', property: 'platform' },
  list: { query: '$select=id,displayName,platform,lastModifiedDateTime', builtInWhen: null },
  item: { query: null },
  children: [],
  assignments: null,
  supports: { capture: true, restore: false },
  secretMarkers: [],
  readPermission: 'DeviceManagementConfiguration.Read.All',
};

/** Scope tags. "0", the default tag, is built in and the same in every tenant. */
export const scopeTag: PolicyType = {
  type: 'scopeTag',
  displayName: 'Scope tag',
  collection: '/deviceManagement/roleScopeTags',
  nameProperty: 'displayName',
  platform: { from: 'none' },
  list: {
    query: '$select=id,displayName,isBuiltIn',
    builtInWhen: { property: 'isBuiltIn', equals: true },
  },
  item: { query: null },
  children: [],
  assignments: { path: 'assignments' },
  supports: { capture: true, restore: false },
  secretMarkers: [],
  readPermission: 'DeviceManagementRBAC.Read.All',
};
