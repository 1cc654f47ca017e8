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

/** References to reusable settings, and to the script of Linux compliance. */
const sharedSettings = [
  deepReference((value) => value['@odata.type'] === referenceType, 'value', reusablePath),
  deepReference(
    (value) => value['settingDefinitionId'] === 'linux_customcompliance_discoveryscript',
    'simpleSettingValue/value',
    reusablePath,
  ),
];

/** Intune serves the settings catalog in pages of 25: policies, settings and assignments. */
const catalogPageSize = 25;

const settings = child('settings', {
  entity: 'deviceManagementConfigurationSetting',
  createdWithParent: true,
  pageSize: catalogPageSize,
  ids: 'index',
});

/** Adds the number of top-level settings, as Intune counts it. */
export function withSettingCount(body: JsonObject): JsonObject {
  return withMember(body, 'settingCount', String(elementsOf(body, 'settings').length));
}

function withAssigned(body: JsonObject): JsonObject {
  return withMember(body, 'isAssigned', String(elementsOf(body, 'assignments').length > 0));
}

/** Platforms and technologies added after the enumerations were closed. */
const futureMembers: ReadonlyMap<string, readonly string[]> = new Map([
  ['platforms', ['androidEnterprise', 'aosp', 'visionOS', 'tvOS']],
  ['technologies', ['windowsOsRecovery', 'android']],
]);

/** The settings catalog, including endpoint security. PUT replaces a policy; PATCH leaves its settings unchanged. */
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

/** Compliance policies in the settings catalog's form: Linux and newer platforms. */
export const compliancePoliciesV2 = collection(
  '/deviceManagement/compliancePolicies',
  'deviceManagementCompliancePolicy',
  {
    pageSize: catalogPageSize,
    children: [
      settings,
      // Ignored in a POST of the policy: only an action sets them.
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

/** Properties to collect from devices. */
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

/** Settings shared by several policies; the list omits the setting itself. */
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
