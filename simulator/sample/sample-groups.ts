import { roleUsers } from './sample-tenants.ts';
import { sampleId } from './sample-id.ts';
import type { SampleObject } from './sample-object.ts';

const departments = [
  'Finance',
  'Human Resources',
  'Sales',
  'Marketing',
  'Legal',
  'Engineering',
  'Support',
  'Facilities',
];
const platforms = ['Windows', 'macOS', 'iOS', 'Android'];
const rings = ['Pilot', 'Early', 'Broad'];

/** The group names of every sample tenant, with device groups and exclusion groups. */
export const groupNames: readonly string[] = [
  ...departments.map((name) => `SG-Users-${name}`),
  ...platforms.flatMap((platform) => rings.map((ring) => `SG-Devices-${platform}-${ring}`)),
  ...platforms.map((platform) => `SG-Exclude-${platform}`),
  'SG-Kiosks',
  'SG-Shared-Devices',
  'SG-Executives',
  'SG-IT-Administrators',
  'SG-Contractors',
  'SG-Break-Glass',
  'SG-Service-Desk',
  'SG-Field-Staff',
];

export function groupId(tenantId: string, name: string): string {
  return sampleId(tenantId, `group:${name}`);
}

/** The groups of a sample tenant. The operator is a member of the service desk; device groups are dynamic. */
export function sampleGroups(tenantId: string): SampleObject[] {
  const operator = roleUsers(tenantId, '').find((user) => user.suggestedRole === 'operator');
  return groupNames.map((displayName) => ({
    path: '/groups',
    body: {
      id: groupId(tenantId, displayName),
      displayName,
      description: descriptionOf(displayName),
      ...(displayName.startsWith('SG-Devices-') ? dynamicRule(displayName) : {}),
      ...(displayName === 'SG-Service-Desk' && operator !== undefined
        ? { members: [operator.id] }
        : {}),
    },
  }));
}

function descriptionOf(name: string): string {
  return name.startsWith('SG-Exclude-')
    ? 'Left out of the baseline while an exception is open'
    : `Members of ${name.slice('SG-'.length).replaceAll('-', ' ')}`;
}

function dynamicRule(name: string): Record<string, unknown> {
  const [, , platform = '', ring = ''] = name.split('-');
  return {
    groupTypes: ['DynamicMembership'],
    membershipRule: `(device.deviceOSType -contains "${platform}") and (device.extensionAttribute1 -eq "${ring}")`,
    membershipRuleProcessingState: 'On',
  };
}
