import { mergeObjects, objectOf } from '../json/object.ts';
import { assigningSilently } from './assign-action.ts';
import { assignments } from './child-collection.ts';
import { collection } from './collection-type.ts';

const scriptKey = 'deviceManagementScriptAssignments';
const shellScriptsPath = '/deviceManagement/deviceShellScripts';
const customAttributesPath = '/deviceManagement/deviceCustomAttributeShellScripts';

/** PowerShell scripts; lists omit the content. */
export const deviceManagementScripts = collection(
  '/deviceManagement/deviceManagementScripts',
  'deviceManagementScript',
  {
    listOmits: ['scriptContent'],
    children: [assignments()],
    // All kinds of scripts share their ids, and clients assign all of them at this path.
    assign: assigningSilently(scriptKey, 200, [shellScriptsPath, customAttributesPath]),
  },
);

/** Shell scripts for macOS and Linux. */
export const deviceShellScripts = collection(shellScriptsPath, 'deviceShellScript', {
  listOmits: ['scriptContent'],
  children: [assignments()],
  assign: assigningSilently(scriptKey, 200),
});

/** Custom attributes of macOS. */
export const deviceCustomAttributeShellScripts = collection(
  customAttributesPath,
  'deviceCustomAttributeShellScript',
  {
    listOmits: ['scriptContent'],
    children: [assignments()],
    assign: assigningSilently(scriptKey, 200),
    unpatchable: ['customAttributeName', 'customAttributeType', 'displayName'],
  },
);

/** The service's own properties of a custom remediation. */
const ownScript = {
  version: '1',
  isGlobalScript: false,
  deviceHealthScriptType: 'deviceHealthScript',
  highestAvailableVersion: null,
};

/** Remediations; the list omits both scripts, and `isGlobalScript` marks Microsoft's own. */
export const deviceHealthScripts = collection(
  '/deviceManagement/deviceHealthScripts',
  'deviceHealthScript',
  {
    listOmits: ['detectionScriptContent', 'remediationScriptContent'],
    children: [assignments()],
    assign: assigningSilently('deviceHealthScriptAssignments', 200),
    initial: (body) => mergeObjects(body, objectOf(ownScript)),
    filterable: false,
  },
);
