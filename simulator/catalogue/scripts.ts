import { assignments, collection } from './collection-type.ts';

const scriptAssign = { key: 'deviceManagementScriptAssignments', status: 204 } as const;

/** PowerShell scripts; the content comes only with the GET of one. */
export const deviceManagementScripts = collection(
  '/deviceManagement/deviceManagementScripts',
  'deviceManagementScript',
  { listOmits: ['scriptContent'], children: [assignments()], assign: scriptAssign },
);

/** Shell scripts for macOS and Linux. */
export const deviceShellScripts = collection(
  '/deviceManagement/deviceShellScripts',
  'deviceShellScript',
  { listOmits: ['scriptContent'], children: [assignments()], assign: scriptAssign },
);

/** Custom attributes of macOS. */
export const deviceCustomAttributeShellScripts = collection(
  '/deviceManagement/deviceCustomAttributeShellScripts',
  'deviceCustomAttributeShellScript',
  { listOmits: ['scriptContent'], children: [assignments()], assign: scriptAssign },
);

/** Remediations; the list leaves out both scripts, and `isGlobalScript` marks Microsoft's own. */
export const deviceHealthScripts = collection(
  '/deviceManagement/deviceHealthScripts',
  'deviceHealthScript',
  {
    listOmits: ['detectionScriptContent', 'remediationScriptContent'],
    children: [assignments()],
    assign: { key: 'deviceHealthScriptAssignments', status: 204 },
    filterable: false,
  },
);
