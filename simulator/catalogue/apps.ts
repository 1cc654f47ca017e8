import { objectOf, stringOf, textOf, withMember } from '../json/object.ts';
import type { CollectionType } from './collection-type.ts';
import { assigningSilently } from './assign-action.ts';
import type { ChildCollection } from './child-collection.ts';
import { assignments, child } from './child-collection.ts';
import { collection, typedView } from './collection-type.ts';
import { reference } from './reference.ts';

const mobileAppsPath = '/deviceAppManagement/mobileApps';

const assign = assigningSilently('assignments', 204);
const update = { method: 'PATCH', status: 204 } as const;

const bundles = child('apps');
/** The files are written one by one; a new policy has none. */
const appLockerFiles = ['protectedAppLockerFiles', 'exemptAppLockerFiles'].map((name) =>
  child(name, { writable: true }),
);

/** The typed views: segment, entity, id prefix, and children. */
const managedAppViews: readonly (readonly [string, string, string, readonly ChildCollection[]])[] =
  [
    ['iosManagedAppProtections', 'iosManagedAppProtection', 'T', [bundles, assignments()]],
    ['androidManagedAppProtections', 'androidManagedAppProtection', 'T', [bundles, assignments()]],
    ['windowsManagedAppProtections', 'windowsManagedAppProtection', 'T', [bundles, assignments()]],
    [
      'mdmWindowsInformationProtectionPolicies',
      'mdmWindowsInformationProtectionPolicy',
      'M',
      [...appLockerFiles, assignments()],
    ],
    [
      'windowsInformationProtectionPolicies',
      'windowsInformationProtectionPolicy',
      'W',
      [...appLockerFiles, assignments()],
    ],
    ['defaultManagedAppProtections', 'defaultManagedAppProtection', 'D', [bundles]],
    [
      'targetedManagedAppConfigurations',
      'targetedManagedAppConfiguration',
      'A',
      [bundles, assignments()],
    ],
  ];

const mixedPath = '/deviceAppManagement/managedAppPolicies';
const typedPaths = managedAppViews.map(([segment]) => `/deviceAppManagement/${segment}`);

/**
 * All app protection and app configuration policies, mixed. Only the typed views route and expand their apps and
 * assignments.
 */
export const managedAppPolicies = collection(mixedPath, 'managedAppPolicy', {
  polymorphic: true,
  inV1: true,
  filterable: false,
  navigable: false,
  storage: { home: mixedPath, paths: [mixedPath, ...typedPaths], odataType: null },
  children: [bundles, ...appLockerFiles, assignments()],
  update,
  deleteStatus: 204,
  idOf: (guid, body) => `${prefixes.get(stringOf(body, '@odata.type') ?? '') ?? 'T'}_${guid}`,
});

const prefixes: ReadonlyMap<string, string> = new Map(
  managedAppViews.map(([, entity, prefix]) => [`#microsoft.graph.${entity}`, prefix]),
);

/** App protection and app configuration by type. */
export const managedAppTypes: readonly CollectionType[] = managedAppViews.map(
  ([segment, entity, prefix, children]) =>
    typedView(`/deviceAppManagement/${segment}`, managedAppPolicies, entity, {
      children,
      navigable: true,
      filterable: true,
      assign: children.some(({ name }) => name === 'assignments') ? assign : null,
      actions: children.includes(bundles) ? ['targetApps'] : [],
      idOf: (guid) => `${prefix}_${guid}`,
      ...(entity === 'windowsInformationProtectionPolicy'
        ? { update: { method: 'PATCH', status: 200 } as const }
        : {}),
    }),
);

/** App configuration for managed devices. */
export const mobileAppConfigurations = collection(
  '/deviceAppManagement/mobileAppConfigurations',
  'managedDeviceMobileAppConfiguration',
  {
    polymorphic: true,
    abstract: true,
    references: [reference('targetedMobileApps', mobileAppsPath)],
    inV1: true,
    children: [assignments()],
    assign: assigningSilently('assignments', 200),
    update,
    versioned: true,
  },
);

/** The tenant's apps, without their binaries. */
export const mobileApps = collection(mobileAppsPath, 'mobileApp', {
  polymorphic: true,
  abstract: true,
  inV1: true,
  listOmits: ['roleScopeTagIds'],
  children: [child('categories'), assignments()],
  assign: assigningSilently('mobileAppAssignments', 200),
  checkAssign: (stored) =>
    stringOf(stored, '@odata.type') === '#microsoft.graph.winGetApp' &&
    stringOf(stored, 'publishingState') !== 'published'
      ? 'The app is not published yet'
      : null,
  initial: (body) =>
    textOf(body, 'publishingState') === undefined
      ? withMember(body, 'publishingState', '"published"')
      : body,
});

/** Collections of possible policy set items. */
const payloadPaths = [
  mobileAppsPath,
  mixedPath,
  '/deviceAppManagement/mobileAppConfigurations',
  ...[
    'configurationPolicies',
    'deviceCompliancePolicies',
    'deviceConfigurations',
    'deviceEnrollmentConfigurations',
    'deviceManagementScripts',
    'intents',
    'windowsAutopilotDeploymentProfiles',
  ].map((segment) => `/deviceManagement/${segment}`),
];

/**
 * Sets of policies and apps assigned together. Their list cannot be expanded, and their scope tags are in
 * `roleScopeTags`.
 */
export const policySets = collection('/deviceAppManagement/policySets', 'policySet', {
  children: [child('items', { createdWithParent: true }), assignments()],
  expandableInList: false,
  scopeTags: 'roleScopeTags',
  references: [reference('items/payloadId', ...payloadPaths)],
  initial: (body) => [...body, ...objectOf({ status: 'success', errorCode: 'noError' })],
  actions: ['update'],
});
