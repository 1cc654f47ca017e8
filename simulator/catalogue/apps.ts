import type { CollectionType } from './collection-type.ts';
import { assignments, child, collection, typedView } from './collection-type.ts';

const assign = { key: 'assignments', status: 204 } as const;
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
  typedView(`/deviceAppManagement/${segment}`, managedAppPolicies, entity),
);

/** Configuration of apps on managed devices. */
export const mobileAppConfigurations = collection(
  '/deviceAppManagement/mobileAppConfigurations',
  'managedDeviceMobileAppConfiguration',
  {
    polymorphic: true,
    inV1: true,
    children: [assignments()],
    assign,
    update,
    versioned: true,
  },
);

/** The apps of a tenant; their binaries are nobody's here. */
export const mobileApps = collection('/deviceAppManagement/mobileApps', 'mobileApp', {
  polymorphic: true,
  inV1: true,
  children: [child('categories'), assignments()],
  assign: { key: 'mobileAppAssignments', status: 204 },
});

/** Sets of policies and apps that are assigned together; the list cannot be expanded. */
export const policySets = collection('/deviceAppManagement/policySets', 'policySet', {
  children: [child('items'), assignments()],
  expandableInList: false,
  actions: ['update'],
});
