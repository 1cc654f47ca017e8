import type { CollectionType } from './collection-type.ts';
import { assigningSilently, assignments, child, collection, typedView } from './collection-type.ts';

const assign = assigningSilently('assignments', 204);
const update = { method: 'PATCH', status: 204 } as const;

/** All app protection and app configuration policies, mixed; they are written through their typed views. */
export const managedAppPolicies = collection(
  '/deviceAppManagement/managedAppPolicies',
  'managedAppPolicy',
  {
    polymorphic: true,
    inV1: true,
    filterable: false,
    children: [child('apps'), assignments()],
    assign,
    update,
    deleteStatus: 204,
    actions: ['targetApps'],
  },
);

/** The typed views: their segment and their entity. */
const managedAppViews: readonly (readonly [string, string])[] = [
  ['iosManagedAppProtections', 'iosManagedAppProtection'],
  ['androidManagedAppProtections', 'androidManagedAppProtection'],
  ['windowsManagedAppProtections', 'windowsManagedAppProtection'],
  ['mdmWindowsInformationProtectionPolicies', 'mdmWindowsInformationProtectionPolicy'],
  ['windowsInformationProtectionPolicies', 'windowsInformationProtectionPolicy'],
  ['defaultManagedAppProtections', 'defaultManagedAppProtection'],
  ['targetedManagedAppConfigurations', 'targetedManagedAppConfiguration'],
];

/** App protection and app configuration by type. */
export const managedAppTypes: readonly CollectionType[] = managedAppViews.map(([segment, entity]) =>
  typedView(
    `/deviceAppManagement/${segment}`,
    managedAppPolicies,
    entity,
    entity === 'windowsInformationProtectionPolicy'
      ? { update: { method: 'PATCH', status: 200 } }
      : {},
  ),
);

/** Configuration of apps on managed devices. */
export const mobileAppConfigurations = collection(
  '/deviceAppManagement/mobileAppConfigurations',
  'managedDeviceMobileAppConfiguration',
  {
    polymorphic: true,
    inV1: true,
    children: [assignments()],
    assign: assigningSilently('assignments', 200),
    update,
    versioned: true,
  },
);

/** The apps of a tenant; their binaries are nobody's here. */
export const mobileApps = collection('/deviceAppManagement/mobileApps', 'mobileApp', {
  polymorphic: true,
  inV1: true,
  children: [child('categories'), assignments()],
  assign: assigningSilently('mobileAppAssignments', 200),
});

/** Sets of policies and apps that are assigned together; the list cannot be expanded. */
export const policySets = collection('/deviceAppManagement/policySets', 'policySet', {
  children: [child('items', { createdWithParent: true }), assignments()],
  expandableInList: false,
  actions: ['update'],
});
