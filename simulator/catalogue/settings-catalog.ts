import { elementsOf, withMember } from '../json/object.ts';
import type { JsonObject } from '../json/object.ts';
import { checkSecretTokens, withSecretTokens } from './secret-settings.ts';
import { assigning } from './assign-action.ts';
import { assignments, child } from './child-collection.ts';
import { collection } from './collection-type.ts';
import { actionReferences } from './compliance.ts';
import { refuseWhileInUse } from './in-use.ts';
import { deepReference } from './reference.ts';

const reusablePath = '/deviceManagement/reusablePolicySettings';
const referenceType = '#microsoft.graph.deviceManagementConfigurationReferenceSettingValue';

/** The settings by which policies share others, and the one that names the script of Linux compliance. */
const sharedSettings = [
  deepReference((value) => value['@odata.type'] === referenceType, 'value', reusablePath),
  deepReference(
    (value) => value['settingDefinitionId'] === 'linux_customcompliance_discoveryscript',
    'simpleSettingValue/value',
    reusablePath,
  ),
];

/** Intune serves the settings catalog in pages of 25: the policies, their settings and their assignments alike. */
const catalogPageSize = 25;

const settings = child('settings', {
  entity: 'deviceManagementConfigurationSetting',
  createdWithParent: true,
  pageSize: catalogPageSize,
  ids: 'index',
});

/** The number of top-level settings, which Intune counts itself. */
export function withSettingCount(body: JsonObject): JsonObject {
  return withMember(body, 'settingCount', String(elementsOf(body, 'settings').length));
}

function withAssigned(body: JsonObject): JsonObject {
  return withMember(body, 'isAssigned', String(elementsOf(body, 'assignments').length > 0));
}

/** Platforms and technologies that Intune has learnt of since the enumerations were closed. */
const futureMembers: ReadonlyMap<string, readonly string[]> = new Map([
  ['platforms', ['androidEnterprise', 'aosp', 'visionOS', 'tvOS']],
  ['technologies', ['windowsOsRecovery', 'android']],
]);

/** The settings catalog, endpoint security included. PUT replaces a policy; PATCH leaves its settings alone. */
export const settingsCatalog = collection(
  '/deviceManagement/configurationPolicies',
  'deviceManagementConfigurationPolicy',
  {
    pageSize: catalogPageSize,
    children: [settings, assignments(catalogPageSize)],
    assign: assigning(),
    update: { method: 'PUT', status: 204 },
    present: (body) => withAssigned(withSettingCount(withSecretTokens(body))),
    checkCreate: checkSecretTokens,
    futureMembers,
    checkUpdate: checkSecretTokens,
    references: sharedSettings,
  },
);

/** Compliance in the settings catalog's shape: Linux and newer platforms. */
export const compliancePoliciesV2 = collection(
  '/deviceManagement/compliancePolicies',
  'deviceManagementCompliancePolicy',
  {
    pageSize: catalogPageSize,
    children: [
      settings,
      // A new policy has none whatever it comes with: an action of its own sets them.
      child('scheduledActionsForRule', {
        children: [child('scheduledActionConfigurations')],
      }),
      assignments(catalogPageSize),
    ],
    assign: assigning(),
    update: { method: 'PUT', status: 204 },
    actions: ['setScheduledActions'],
    references: [...sharedSettings, ...actionReferences],
    present: (body) => withAssigned(withSettingCount(withSecretTokens(body))),
    checkCreate: checkSecretTokens,
    checkUpdate: checkSecretTokens,
  },
);

/** Properties to be collected from devices. */
export const inventoryPolicies = collection(
  '/deviceManagement/inventoryPolicies',
  'deviceManagementInventoryPolicy',
  {
    pageSize: catalogPageSize,
    children: [settings, assignments()],
    assign: assigning(),
    update: { method: 'PUT', status: 204 },
    present: withSettingCount,
  },
);

/** Settings that several policies share; the list leaves out the setting itself. */
export const reusablePolicySettings = collection(
  reusablePath,
  'deviceManagementReusablePolicySetting',
  {
    checkDelete: refuseWhileInUse('The reusable setting is referenced by a policy'),
    pageSize: catalogPageSize,
    listOmits: ['settingInstance'],
    update: { method: 'PUT', status: 204 },
    expandableInList: false,
    scopeTags: null,
    versioned: true,
  },
);
