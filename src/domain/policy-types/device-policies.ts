import { odataPlatforms } from './odata-platforms.ts';
import type { PolicyType } from './policy-type.ts';
import { assignedBy, expandedChild, restoredBy, usual } from './shared-rules.ts';

// Lists select the few properties of the index: a full page of profiles may carry megabytes of payload.
const indexQuery = '$select=id,displayName,lastModifiedDateTime,version';

/** What classic profiles and classic compliance policies have in common. */
const classic = {
  ...usual,
  platform: { from: 'odataType', prefixes: odataPlatforms },
  list: { query: indexQuery, builtInWhen: null },
  assignments: assignedBy('assignments'),
  readPermission: 'DeviceManagementConfiguration.Read.All',
  writePermission: 'DeviceManagementConfiguration.ReadWrite.All',
} as const;

/** Device configuration profiles: some sixty derived types in one collection, update rings among them. */
export const deviceConfiguration: PolicyType = {
  ...classic,
  type: 'deviceConfiguration',
  displayName: 'Device configuration profile',
  collection: '/deviceManagement/deviceConfigurations',
  incremental: {
    by: 'properties',
    properties: ['lastModifiedDateTime', 'version'],
    reason: 'every change dates and numbers the profile',
  },
  restore: restoredBy({ strip: ['privacyAccessControls'] }),
  secretMarkers: [{ property: 'isEncrypted', equals: true }],
};

/** Classic compliance policies. A plain read leaves out the scheduled actions, and they have no address. */
export const compliancePolicy: PolicyType = {
  ...classic,
  type: 'compliancePolicy',
  displayName: 'Compliance policy',
  collection: '/deviceManagement/deviceCompliancePolicies',
  children: [
    expandedChild('scheduledActionsForRule', {
      expand: {
        clause: 'scheduledActionsForRule($expand=scheduledActionConfigurations)',
        routable: false,
        inList: true,
      },
    }),
  ],
  references: [
    {
      within: 'children.scheduledActionsForRule.scheduledActionConfigurations',
      when: null,
      property: 'notificationTemplateId',
      prefixes: [],
      policyType: 'notificationTemplate',
    },
    {
      within: 'item.deviceCompliancePolicyScript',
      when: null,
      property: 'deviceComplianceScriptId',
      prefixes: [],
      policyType: 'complianceScript',
    },
  ],
  groupIds: [
    {
      within: 'children.scheduledActionsForRule.scheduledActionConfigurations',
      property: 'notificationMessageCCList',
    },
  ],
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
        after: 'update',
        action: 'scheduleActionsForRules',
        key: 'deviceComplianceScheduledActionForRules',
        child: 'scheduledActionsForRule',
      },
    ],
  }),
};
