/** Application permissions consented to by default, for every application. */
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

/** Delegated permissions of a user's Graph token with `.default`. */
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
