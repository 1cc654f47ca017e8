import type { PolicyType } from './policy-type.ts';

/** Windows PowerShell scripts. Lists leave out the script; the single read has it. */
export const powershellScript: PolicyType = {
  type: 'powershellScript',
  displayName: 'PowerShell script',
  collection: '/deviceManagement/deviceManagementScripts',
  nameProperty: 'displayName',
  platform: { from: 'constant', platform: 'windows10' },
  list: { query: '$select=id,displayName,lastModifiedDateTime', builtInWhen: null },
  item: { query: null },
  children: [],
  assignments: { path: 'assignments' },
  supports: { capture: true, restore: false },
  secretMarkers: [],
  readPermission: 'DeviceManagementScripts.Read.All',
};

/** Remediations. Graph refuses to filter on isGlobalScript, so Microsoft's own are left out on this side. */
export const remediation: PolicyType = {
  type: 'remediation',
  displayName: 'Remediation',
  collection: '/deviceManagement/deviceHealthScripts',
  nameProperty: 'displayName',
  platform: { from: 'constant', platform: 'windows10' },
  list: {
    query: '$select=id,displayName,lastModifiedDateTime,isGlobalScript',
    builtInWhen: { property: 'isGlobalScript', equals: true },
  },
  item: { query: null },
  children: [],
  assignments: { path: 'assignments' },
  supports: { capture: true, restore: false },
  secretMarkers: [],
  readPermission: 'DeviceManagementScripts.Read.All',
};
