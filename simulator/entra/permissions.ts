/** The application permissions that a tenant has consented to for every application, unless it is told otherwise. */
export const graphAppRoles = [
  'Agreement.ReadWrite.All',
  'CloudPC.ReadWrite.All',
  'DeviceManagementApps.ReadWrite.All',
  'DeviceManagementConfiguration.ReadWrite.All',
  'DeviceManagementManagedDevices.ReadWrite.All',
  'DeviceManagementRBAC.ReadWrite.All',
  'DeviceManagementScripts.ReadWrite.All',
  'DeviceManagementServiceConfig.ReadWrite.All',
  'Group.ReadWrite.All',
  'Organization.Read.All',
  'Policy.Read.All',
  'Policy.ReadWrite.ConditionalAccess',
  'User.Read.All',
];

/** The delegated permissions that a user's token for Graph carries when it asks for all that is granted. */
export const graphDelegatedScopes = [
  'email',
  'Group.Read.All',
  'GroupMember.Read.All',
  'openid',
  'Organization.Read.All',
  'profile',
  'User.Read',
  'User.ReadBasic.All',
];
