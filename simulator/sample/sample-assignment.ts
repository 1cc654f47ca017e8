import { groupId } from './sample-groups.ts';

/** The filter of an assignment. */
export interface SampleFilter {
  readonly id: string;
  readonly type: 'include' | 'exclude';
}

function target(type: string, fields: Record<string, unknown>, filter: SampleFilter | null) {
  return {
    target: {
      '@odata.type': `#microsoft.graph.${type}AssignmentTarget`,
      deviceAndAppManagementAssignmentFilterId: filter?.id ?? null,
      deviceAndAppManagementAssignmentFilterType: filter?.type ?? 'none',
      ...fields,
    },
  };
}

export function toGroup(tenantId: string, name: string, filter: SampleFilter | null = null) {
  return target('group', { groupId: groupId(tenantId, name) }, filter);
}

/** An exclusion of a group. */
export function exceptGroup(tenantId: string, name: string) {
  return target('exclusionGroup', { groupId: groupId(tenantId, name) }, null);
}

/** An assignment to all licensed users. */
export function toAllUsers(filter: SampleFilter | null = null) {
  return target('allLicensedUsers', {}, filter);
}

export function toAllDevices(filter: SampleFilter | null = null) {
  return target('allDevices', {}, filter);
}
