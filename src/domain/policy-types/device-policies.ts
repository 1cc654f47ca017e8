import { odataPlatforms } from './odata-platforms.ts';
import type { PolicyType } from './policy-type.ts';

// Lists select the few properties of the index: a full page of profiles may carry megabytes of payload.
const indexQuery = '$select=id,displayName,lastModifiedDateTime';

/** Device configuration profiles: some sixty derived types in one collection. */
export const deviceConfiguration: PolicyType = {
  type: 'deviceConfiguration',
  displayName: 'Device configuration profile',
  collection: '/deviceManagement/deviceConfigurations',
  nameProperty: 'displayName',
  platform: { from: 'odataType', prefixes: odataPlatforms },
  list: { query: indexQuery, builtInWhen: null },
  item: { query: null },
  children: [],
  assignments: { path: 'assignments' },
  supports: { capture: true, restore: false },
  secretMarkers: [{ property: 'isEncrypted', equals: true }],
  readPermission: 'DeviceManagementConfiguration.Read.All',
};

/** Classic compliance policies. A plain read leaves out the scheduled actions, so they are expanded. */
export const compliancePolicy: PolicyType = {
  type: 'compliancePolicy',
  displayName: 'Compliance policy',
  collection: '/deviceManagement/deviceCompliancePolicies',
  nameProperty: 'displayName',
  platform: { from: 'odataType', prefixes: odataPlatforms },
  list: { query: indexQuery, builtInWhen: null },
  item: { query: '$expand=scheduledActionsForRule($expand=scheduledActionConfigurations)' },
  children: [],
  assignments: { path: 'assignments' },
  supports: { capture: true, restore: false },
  secretMarkers: [],
  readPermission: 'DeviceManagementConfiguration.Read.All',
};
