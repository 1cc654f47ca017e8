import type { PolicyType } from './policy-type.ts';
import { assignedBy, restoredBy, usual } from './shared-rules.ts';

/** Assignment filters, to which assignments of other policies point. */
export const assignmentFilter: PolicyType = {
  ...usual,
  type: 'assignmentFilter',
  displayName: 'Assignment filter',
  collection: '/deviceManagement/assignmentFilters',
  platform: { from: 'property', property: 'platform' },
  foundation: true,
  list: { query: '$select=id,displayName,platform,lastModifiedDateTime', builtInWhen: null },
  incremental: {
    by: 'properties',
    properties: ['lastModifiedDateTime'],
    reason: 'a filter is written by one PATCH, which dates it',
  },
  restore: restoredBy({ wave: 2, strip: ['payloads'], stripOnUpdate: ['platform'] }),
  readPermission: 'DeviceManagementConfiguration.Read.All',
  writePermission: 'DeviceManagementConfiguration.ReadWrite.All',
};

/** Scope tags. "0", the default tag, is built in and the same in every tenant. */
export const scopeTag: PolicyType = {
  ...usual,
  type: 'scopeTag',
  displayName: 'Scope tag',
  collection: '/deviceManagement/roleScopeTags',
  foundation: true,
  list: { query: null, builtInWhen: { property: 'isBuiltIn', equals: true } },
  assignments: assignedBy('assignments'),
  incremental: { by: 'wholeEntry', reason: 'the list gives all that a tag has, and no time' },
  restore: restoredBy({ wave: 1, strip: ['isBuiltIn'] }),
  readPermission: 'DeviceManagementRBAC.Read.All',
  writePermission: 'DeviceManagementRBAC.ReadWrite.All',
};
