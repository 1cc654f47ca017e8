import type { PolicyType } from './policy-type.ts';
import { assignedBy, expandedChild, restoredBy, usual } from './shared-rules.ts';

/** Assignment filters; assignments of other policies refer to them. */
const assignmentFilter: PolicyType = {
  ...usual,
  type: 'assignmentFilter',
  displayName: 'Assignment filter',
  collection: '/deviceManagement/assignmentFilters',
  platform: { from: 'property', property: 'platform' },
  foundation: true,
  list: { query: '$select=id,displayName,platform,lastModifiedDateTime', builtInWhen: null },
  incremental: {
    by: 'properties',
    properties: ['lastModifiedDateTime'],
    reason: 'a filter is written by one PATCH, which dates it',
  },
  restore: restoredBy({ wave: 2, strip: ['payloads'], stripOnUpdate: ['platform'] }),
  readPermission: 'DeviceManagementConfiguration.Read.All',
  writePermission: 'DeviceManagementConfiguration.ReadWrite.All',
};

/** Scope tags. "0", the default tag, is built in and the same in every tenant. */
const scopeTag: PolicyType = {
  ...usual,
  type: 'scopeTag',
  displayName: 'Scope tag',
  collection: '/deviceManagement/roleScopeTags',
  foundation: true,
  list: { query: null, builtInWhen: { property: 'isBuiltIn', equals: true } },
  assignments: assignedBy('assignments'),
  incremental: { by: 'wholeEntry', reason: 'the list gives all that a tag has, and no time' },
  restore: restoredBy({ wave: 1, strip: ['isBuiltIn'] }),
  readPermission: 'DeviceManagementRBAC.Read.All',
  writePermission: 'DeviceManagementRBAC.ReadWrite.All',
};

const roleAssignment = 'children.roleAssignmentDetails.*';

/** Roles and their assignments. Only the single read of an assignment returns its members and scope tags. */
const roleDefinition: PolicyType = {
  ...usual,
  type: 'roleDefinition',
  displayName: 'Role',
  collection: '/deviceManagement/roleDefinitions',
  list: {
    query: '$select=id,displayName,isBuiltIn',
    builtInWhen: { property: 'isBuiltIn', equals: true },
  },
  children: [
    expandedChild('roleAssignments', {
      each: [
        {
          name: 'roleAssignmentDetails',
          path: '/deviceManagement/roleAssignments/{id}',
          query: '$expand=microsoft.graph.deviceAndAppManagementRoleAssignment/roleScopeTags',
          shape: 'object',
        },
      ],
    }),
  ],
  references: [
    {
      within: `${roleAssignment}.roleScopeTags`,
      when: null,
      property: 'id',
      prefixes: [],
      policyType: 'scopeTag',
    },
  ],
  groupIds: ['members', 'resourceScopes', 'scopeMembers'].map((property) => ({
    within: roleAssignment,
    property,
    kind: 'group' as const,
    whenUnmapped: 'leaveOut' as const,
  })),
  incremental: { by: 'alwaysRead', reason: 'roles carry no time, and lists no assignments' },
  diff: {
    pairBy: [
      { path: 'children.roleAssignments', keys: ['displayName'] },
      { path: 'children.roleAssignments.roleAssignmentDetails.roleScopeTags', keys: ['id'] },
    ],
    volatile: [
      // Only the identity of the tags belongs to the assignment.
      ...['displayName', 'description', 'isBuiltIn', 'permissions'].map(
        (name) => `children.roleAssignments.roleAssignmentDetails.roleScopeTags.${name}`,
      ),
      // An older spelling of the resource actions.
      'item.permissions',
      'item.rolePermissions.actions',
    ],
  },
  restore: restoredBy({
    wave: 2,
    strip: ['isBuiltIn', 'isBuiltInRoleDefinition', 'permissions', 'rolePermissions.actions'],
    steps: [{ step: 'roleAssignments', child: 'roleAssignments', nested: 'roleAssignmentDetails' }],
  }),
  readPermission: 'DeviceManagementRBAC.Read.All',
  writePermission: 'DeviceManagementRBAC.ReadWrite.All',
};

/** Mails to users with noncompliant devices, in several languages. */
const notificationTemplate: PolicyType = {
  ...usual,
  type: 'notificationTemplate',
  displayName: 'Notification template',
  collection: '/deviceManagement/notificationMessageTemplates',
  foundation: true,
  list: {
    query: '$select=id,displayName,lastModifiedDateTime',
    builtInWhen: { property: 'displayName', equals: 'EnrollmentNotificationInternalMEO' },
  },
  children: [
    expandedChild('localizedNotificationMessages', {
      expand: { clause: 'localizedNotificationMessages', routable: true, inList: true },
    }),
  ],
  incremental: {
    by: 'properties',
    properties: ['lastModifiedDateTime'],
    reason: 'a PATCH dates the template, and lists expand the messages',
  },
  restore: restoredBy({
    wave: 2,
    create: {
      by: 'postThenPatch',
      properties: ['displayName', 'brandingOptions', 'roleScopeTagIds'],
    },
    stripOnUpdate: ['defaultLocale'],
    steps: [
      {
        step: 'postEach',
        child: 'localizedNotificationMessages',
        first: { property: 'isDefault', equals: true },
        fixed: ['locale'],
      },
    ],
  }),
  readPermission: 'DeviceManagementServiceConfig.Read.All',
  writePermission: 'DeviceManagementServiceConfig.ReadWrite.All',
};

export const foundationTypes: readonly PolicyType[] = [
  assignmentFilter,
  scopeTag,
  roleDefinition,
  notificationTemplate,
];
