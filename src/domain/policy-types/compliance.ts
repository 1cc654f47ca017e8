import { odataPlatforms } from './odata-platforms.ts';
import type { PolicyType, ReferenceRule } from './policy-type.ts';
import { reusableSettings, settings } from './settings-catalog.ts';
import { assignedBy, expandedChild, ownChild, restoredBy, usual } from './shared-rules.ts';

const permissions = {
  readPermission: 'DeviceManagementConfiguration.Read.All',
  writePermission: 'DeviceManagementConfiguration.ReadWrite.All',
};

const scheduledActions = 'children.scheduledActionsForRule.scheduledActionConfigurations';

/** References and groups of compliance's scheduled actions. */
const actionRules = {
  references: [
    {
      within: scheduledActions,
      when: null,
      property: 'notificationTemplateId',
      prefixes: [],
      policyType: 'notificationTemplate',
    },
  ],
  groupIds: [
    {
      within: scheduledActions,
      property: 'notificationMessageCCList',
      kind: 'group',
      whenUnmapped: 'leaveOut',
    },
  ],
} as const;

/** The setting with the script of Linux compliance, for every kind of value. */
const discoveryScript: ReferenceRule = {
  within: 'anywhere',
  when: { property: 'settingDefinitionId', equals: 'linux_customcompliance_discoveryscript' },
  property: 'simpleSettingValue.value',
  prefixes: [],
  policyType: 'reusableSetting',
};

/** Classic compliance policies. A plain read omits the scheduled actions, and they have no address. */
const compliancePolicy: PolicyType = {
  ...usual,
  ...permissions,
  type: 'compliancePolicy',
  displayName: 'Compliance policy',
  collection: '/deviceManagement/deviceCompliancePolicies',
  platform: { from: 'odataType', prefixes: odataPlatforms },
  list: { query: '$select=id,displayName,lastModifiedDateTime,version', builtInWhen: null },
  children: [
    expandedChild('scheduledActionsForRule', {
      expand: {
        clause: 'scheduledActionsForRule($expand=scheduledActionConfigurations)',
        routable: false,
        inList: true,
      },
    }),
  ],
  assignments: assignedBy('assignments'),
  references: [
    ...actionRules.references,
    {
      within: 'item.deviceCompliancePolicyScript',
      when: null,
      property: 'deviceComplianceScriptId',
      prefixes: [],
      policyType: 'complianceScript',
    },
  ],
  groupIds: actionRules.groupIds,
  incremental: {
    by: 'properties',
    properties: ['lastModifiedDateTime', 'version'],
    reason: 'every change dates and numbers the policy, and lists expand the scheduled actions',
  },
  restore: restoredBy({
    create: { by: 'post', withChildren: ['scheduledActionsForRule'] },
    steps: [
      {
        step: 'postChild',
        action: 'scheduleActionsForRules',
        key: 'deviceComplianceScheduledActionForRules',
        child: 'scheduledActionsForRule',
      },
    ],
  }),
};

/** Compliance in the shape of the settings catalog: Linux and newer platforms. */
const compliancePolicyV2: PolicyType = {
  ...usual,
  ...permissions,
  type: 'compliancePolicyV2',
  displayName: 'Compliance policy (settings catalog)',
  collection: '/deviceManagement/compliancePolicies',
  nameProperty: 'name',
  platform: { from: 'property', property: 'platforms' },
  list: { query: '$select=id,name,platforms,lastModifiedDateTime&$top=100', builtInWhen: null },
  children: [
    settings,
    ownChild('scheduledActionsForRule', { query: '$expand=scheduledActionConfigurations' }),
  ],
  assignments: assignedBy('assignments'),
  references: [reusableSettings, discoveryScript, ...actionRules.references],
  groupIds: actionRules.groupIds,
  incremental: {
    by: 'alwaysRead',
    reason: 'scheduled actions are written by themselves, and no list gives them',
  },
  restore: restoredBy({
    create: { by: 'post', withChildren: ['settings'] },
    update: 'PUT',
    strip: ['creationSource'],
    steps: [
      {
        step: 'postChild',
        action: 'setScheduledActions',
        key: 'scheduledActions',
        child: 'scheduledActionsForRule',
      },
    ],
  }),
  secretMarkers: [{ property: 'valueState', equals: 'encryptedValueToken' }],
};

/** Scripts whose results compliance policies judge. They reach devices with the referring policies. */
const complianceScript: PolicyType = {
  ...usual,
  type: 'complianceScript',
  displayName: 'Compliance script',
  collection: '/deviceManagement/deviceComplianceScripts',
  platform: { from: 'constant', platform: 'windows10' },
  list: { query: '$select=id,displayName,lastModifiedDateTime,version', builtInWhen: null },
  incremental: {
    by: 'properties',
    properties: ['lastModifiedDateTime', 'version'],
    reason: 'a script is written by one PATCH, which dates it',
  },
  restore: restoredBy({ wave: 3 }),
  readPermission: 'DeviceManagementScripts.Read.All',
  writePermission: 'DeviceManagementScripts.ReadWrite.All',
};

export const complianceTypes: readonly PolicyType[] = [
  compliancePolicy,
  compliancePolicyV2,
  complianceScript,
];
