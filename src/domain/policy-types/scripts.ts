import type { IncrementalRule, PolicyType } from './policy-type.ts';
import { assignedBy, restoredBy, usual } from './shared-rules.ts';

/** Common to scripts of all kinds. Lists omit the script; the single read returns it. */
const script = {
  ...usual,
  platform: { from: 'constant', platform: 'windows10' },
  readPermission: 'DeviceManagementScripts.Read.All',
  writePermission: 'DeviceManagementScripts.ReadWrite.All',
} as const;

const dated: IncrementalRule = {
  by: 'properties',
  properties: ['lastModifiedDateTime'],
  reason: 'a script is written by one PATCH, which dates it',
};

/** Windows PowerShell scripts. */
const powershellScript: PolicyType = {
  ...script,
  type: 'powershellScript',
  displayName: 'PowerShell script',
  collection: '/deviceManagement/deviceManagementScripts',
  list: { query: '$select=id,displayName,lastModifiedDateTime', builtInWhen: null },
  assignments: assignedBy('deviceManagementScriptAssignments'),
  incremental: dated,
  restore: restoredBy(),
};

/** Shell scripts for macOS and Linux. */
const shellScript: PolicyType = {
  ...script,
  type: 'shellScript',
  displayName: 'Shell script',
  collection: '/deviceManagement/deviceShellScripts',
  platform: { from: 'constant', platform: 'macOS' },
  list: { query: '$select=id,displayName,lastModifiedDateTime', builtInWhen: null },
  assignments: assignedBy('deviceManagementScriptAssignments'),
  incremental: dated,
  restore: restoredBy(),
};

/** Scripts whose output becomes an attribute of a Mac. */
const customAttribute: PolicyType = {
  ...script,
  type: 'customAttribute',
  displayName: 'Custom attribute',
  collection: '/deviceManagement/deviceCustomAttributeShellScripts',
  platform: { from: 'constant', platform: 'macOS' },
  list: { query: '$select=id,displayName,lastModifiedDateTime', builtInWhen: null },
  assignments: assignedBy('deviceManagementScriptAssignments'),
  incremental: dated,
  restore: restoredBy({
    stripOnUpdate: ['customAttributeName', 'customAttributeType', 'displayName'],
  }),
};

/** Remediations. Graph cannot filter on isGlobalScript, so this side leaves out Microsoft's own. */
const remediation: PolicyType = {
  ...script,
  type: 'remediation',
  displayName: 'Remediation',
  collection: '/deviceManagement/deviceHealthScripts',
  list: {
    query: '$select=id,displayName,lastModifiedDateTime,version,isGlobalScript',
    builtInWhen: { property: 'isGlobalScript', equals: true },
  },
  assignments: assignedBy('deviceHealthScriptAssignments'),
  diff: { pairBy: [], volatile: ['item.highestAvailableVersion'] },
  incremental: { ...dated, properties: ['lastModifiedDateTime', 'version'] },
  restore: restoredBy({
    strip: ['isGlobalScript', 'highestAvailableVersion', 'deviceHealthScriptType'],
  }),
};

export const scriptTypes: readonly PolicyType[] = [
  powershellScript,
  shellScript,
  customAttribute,
  remediation,
];
