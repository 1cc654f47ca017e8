import type { GraphCall } from './call.ts';
import { isWrite } from './call.ts';
import { GraphProblem, intuneProblem } from './problem.ts';
import { serviceAt } from './service-at.ts';
import { isGetByIds } from './write/get-by-ids.ts';

/** Paths (in lower case) and their permission; the first match counts. */
const areas: readonly (readonly [RegExp, string])[] = [
  [
    /^\/devicemanagement\/(devicemanagementscripts|deviceshellscripts|devicehealthscripts|devicecustomattributeshellscripts|devicecompliancescripts)/,
    'DeviceManagementScripts',
  ],
  [/^\/deviceappmanagement\/|^\/devicemanagement\/intunebrandingprofiles/, 'DeviceManagementApps'],
  [
    /^\/devicemanagement\/(windowsautopilot|deviceenrollmentconfigurations|notificationmessagetemplates|termsandconditions|appleuserinitiated|deponboarding)/,
    'DeviceManagementServiceConfig',
  ],
  [
    /^\/devicemanagement\/(rolescopetags|roledefinitions|roleassignments|operationapproval)/,
    'DeviceManagementRBAC',
  ],
  [/^\/devicemanagement\/(devicecategories|manageddevices)/, 'DeviceManagementManagedDevices'],
  [/^\/devicemanagement\/virtualendpoint\//, 'CloudPC'],
  [/^\/devicemanagement\/./, 'DeviceManagementConfiguration'],
  [/^\/identitygovernance\/termsofuse\//, 'Agreement'],
  [/^\/groups/, 'Group'],
  [/^\/users/, 'User'],
  [/^\/organization/, 'Organization'],
];

const conditionalAccessPaths = /^\/(identity\/conditionalaccess|policies)\//;
/** Reading a plain secret requires the write permission. */
const plainTextPath = /\/getomasettingplaintextvalue\(/;
const readsTheDirectory = ['Directory.Read.All', 'Directory.ReadWrite.All'];

/**
 * Refuses a call without the application's permission, in the words of the service behind the path.
 * @throws GraphProblem (403).
 */
export function checkPermission(call: GraphCall): void {
  const { permissions } = call.caller;
  // A user's own rights decide a delegated call; the product only reads groups with one.
  if (permissions === null) return;
  const accepted = acceptedPermissions(call);
  if (accepted.length === 0 || accepted.some((name) => permissions.has(name))) return;
  throw forbidden(call, accepted);
}

function acceptedPermissions(call: GraphCall): string[] {
  const path = call.path.toLowerCase();
  const writes = (isWrite(call.method) && !isGetByIds(call)) || plainTextPath.test(path);
  if (isGetByIds(call)) return ['Group.Read.All', 'Group.ReadWrite.All', ...readsTheDirectory];
  if (conditionalAccessPaths.test(path)) {
    const write = 'Policy.ReadWrite.ConditionalAccess';
    return writes ? [write] : ['Policy.Read.All', 'Policy.Read.ConditionalAccess', write];
  }
  const area = areas.find(([pattern]) => pattern.test(path))?.[1];
  if (area === undefined) return [];
  const own = writes ? [`${area}.ReadWrite.All`] : [`${area}.Read.All`, `${area}.ReadWrite.All`];
  return !writes && serviceAt(path) === 'directory' ? [...own, ...readsTheDirectory] : own;
}

function forbidden({ path }: GraphCall, accepted: readonly string[]): GraphProblem {
  switch (serviceAt(path)) {
    case 'intune':
      return intuneProblem(
        403,
        'Forbidden',
        `Application is not authorized to perform this operation. Application must have one of the following scopes: ${accepted.join(', ')}`,
      );
    case 'directory':
      return new GraphProblem(
        403,
        'Authorization_RequestDenied',
        'Insufficient privileges to complete the operation.',
      );
    default:
      return new GraphProblem(
        403,
        'AccessDenied',
        'You cannot perform the requested operation, required scopes are missing in the token.',
      );
  }
}
