import type { TenantObject } from './tenant-object.ts';

const manage = '/deviceManagement';
const apps = '/deviceAppManagement';
const access = '/identity/conditionalAccess';

/** The restorable parts of a collection's objects, taken from Microsoft's documentation and not from the product. */
export interface RestorableKind {
  readonly path: string;
  /** Children that can be written after the object. */
  readonly children: readonly string[];
  /** The way to write assignments; null for objects without assignments. */
  readonly assigned: 'asSet' | 'oneByOne' | null;
  /** Properties that Graph never changes after the creation. */
  readonly fixed: readonly string[];
}

function kind(
  path: string,
  assigned: RestorableKind['assigned'],
  children: readonly string[] = [],
  fixed: readonly string[] = [],
): RestorableKind {
  return { path, assigned, children, fixed };
}

/** The collections with restorable objects. Apps, tokens, agreements and uploaded files are not restorable. */
export const restorableKinds: readonly RestorableKind[] = [
  kind(`${manage}/configurationPolicies`, 'asSet', ['settings']),
  kind(`${manage}/inventoryPolicies`, 'asSet', ['settings']),
  kind(`${manage}/reusablePolicySettings`, null),
  kind(`${manage}/deviceConfigurations`, 'asSet', [
    'privacyAccessControls',
    'rootCertificate',
    'rootCertificatesForServerValidation',
    'identityCertificateForClientAuthentication',
  ]),
  kind(`${manage}/hardwareConfigurations`, 'asSet'),
  kind(`${manage}/groupPolicyConfigurations`, 'asSet', ['definitionValues']),
  kind(`${manage}/intents`, 'asSet', ['settings']),
  kind(`${manage}/deviceCompliancePolicies`, 'asSet', ['scheduledActionsForRule']),
  kind(`${manage}/compliancePolicies`, 'asSet', ['settings', 'scheduledActionsForRule']),
  kind(`${manage}/deviceComplianceScripts`, null),
  kind(`${manage}/windowsFeatureUpdateProfiles`, 'asSet'),
  kind(`${manage}/windowsQualityUpdateProfiles`, 'asSet'),
  kind(`${manage}/windowsQualityUpdatePolicies`, 'asSet'),
  kind(`${manage}/windowsDriverUpdateProfiles`, 'asSet', [], ['approvalType']),
  kind(`${manage}/deviceManagementScripts`, 'asSet'),
  kind(`${manage}/deviceShellScripts`, 'asSet'),
  kind(`${manage}/deviceCustomAttributeShellScripts`, 'asSet', [], ['displayName']),
  kind(`${manage}/deviceHealthScripts`, 'asSet'),
  kind(`${manage}/windowsAutopilotDeploymentProfiles`, 'oneByOne'),
  kind(`${manage}/deviceEnrollmentConfigurations`, 'asSet'),
  kind(`${manage}/appleUserInitiatedEnrollmentProfiles`, 'oneByOne'),
  kind(`${manage}/termsAndConditions`, 'oneByOne'),
  kind(`${manage}/deviceCategories`, null),
  kind(`${manage}/intuneBrandingProfiles`, 'asSet'),
  ...[
    'iosManagedAppProtections',
    'androidManagedAppProtections',
    'windowsManagedAppProtections',
    'targetedManagedAppConfigurations',
  ].map((segment) => kind(`${apps}/${segment}`, 'asSet', ['apps'])),
  kind(`${apps}/defaultManagedAppProtections`, null, ['apps']),
  ...['mdmWindowsInformationProtectionPolicies', 'windowsInformationProtectionPolicies'].map(
    (segment) =>
      kind(`${apps}/${segment}`, 'asSet', ['protectedAppLockerFiles', 'exemptAppLockerFiles']),
  ),
  kind(`${apps}/mobileAppConfigurations`, 'asSet'),
  kind(`${apps}/policySets`, 'asSet', ['items']),
  kind(`${manage}/assignmentFilters`, null),
  kind(`${manage}/roleScopeTags`, 'asSet'),
  kind(`${manage}/roleDefinitions`, null, ['roleAssignments']),
  kind(
    `${manage}/notificationMessageTemplates`,
    null,
    ['localizedNotificationMessages'],
    ['description'],
  ),
  kind(`${access}/policies`, null),
  kind(`${access}/namedLocations`, null),
  kind(`${access}/authenticationStrength/policies`, null),
  kind(`${access}/authenticationContextClassReferences`, null),
  kind(`${manage}/virtualEndpoint/provisioningPolicies`, 'asSet'),
  kind(`${manage}/virtualEndpoint/userSettings`, 'asSet'),
];

const byPath = new Map(restorableKinds.map((each) => [each.path, each]));
/** The list of all app protection, whatever its type. */
const mixedPath = `${apps}/managedAppPolicies`;

/** The kind of a restorable object; undefined for all others, Microsoft's own among them. */
export function kindOf(object: TenantObject): RestorableKind | undefined {
  return isMicrosofts(object) ? undefined : byPath.get(typedPath(object));
}

function typedPath({ path, body }: TenantObject): string {
  if (path !== mixedPath) return path;
  const entity = String(body['@odata.type']).replace('#microsoft.graph.', '');
  return `${apps}/${entity.endsWith('y') ? entity.replace(/y$/, 'ies') : `${entity}s`}`;
}

function isMicrosofts({ body, id, path }: TenantObject): boolean {
  return (
    body['isBuiltIn'] === true ||
    body['isGlobalScript'] === true ||
    body['policyType'] === 'builtIn' ||
    body['displayName'] === 'EnrollmentNotificationInternalMEO' ||
    (path === `${manage}/roleScopeTags` && id === '0')
  );
}

/** Whether every tenant has the object from the start: then it is changed in place, never created or deleted. */
export function isDefault({ body }: TenantObject): boolean {
  return body['priority'] === 0 || body['isDefaultProfile'] === true;
}
