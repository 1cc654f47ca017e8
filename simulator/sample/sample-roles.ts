import { groupId } from './sample-groups.ts';
import { sampleId } from './sample-id.ts';
import type { SampleObject } from './sample-object.ts';
import type { SampleProfile } from './sample-profile.ts';

const allowed = [
  'Microsoft.Intune_ManagedDevices_Read',
  'Microsoft.Intune_RemoteTasks_RebootNow',
];

const permission = {
  actions: [],
  resourceActions: [{ allowedResourceActions: allowed, notAllowedResourceActions: [] }],
};

/** A custom role of the tenant, assigned to its service desk for the devices of one site. */
export function sampleRoles({ prefix, sites, tenantId }: SampleProfile): SampleObject[] {
  const [site = prefix] = sites;
  return [
    {
      path: '/deviceManagement/roleDefinitions',
      body: {
        '@odata.type': '#microsoft.graph.deviceAndAppManagementRoleDefinition',
        id: sampleId(tenantId, 'role'),
        displayName: `${prefix} Service desk`,
        description: 'Sees devices and restarts them',
        isBuiltIn: false,
        isBuiltInRoleDefinition: false,
        roleScopeTagIds: ['0'],
        permissions: [permission],
        rolePermissions: [permission],
        roleAssignments: [
          {
            '@odata.type': '#microsoft.graph.deviceAndAppManagementRoleAssignment',
            id: sampleId(tenantId, 'role assignment'),
            displayName: `${site} service desk`,
            description: '',
            scopeType: 'resourceScope',
            members: [groupId(tenantId, 'SG-Service-Desk')],
            scopeMembers: [groupId(tenantId, 'SG-Field-Staff')],
            resourceScopes: [groupId(tenantId, 'SG-Field-Staff')],
            roleScopeTags: [{ id: '1', displayName: site, description: '', isBuiltIn: false }],
          },
        ],
      },
    },
  ];
}
