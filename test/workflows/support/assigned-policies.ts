import { randomUUID } from 'node:crypto';
import { catalogPolicy } from './restorable.ts';

const graphType = (name: string) => `#microsoft.graph.${name}`;

/** A group of the directory. */
export function group(displayName: string, id: string = randomUUID()) {
  return { path: '/groups', body: { id, displayName } };
}

/** The targets of an assignment. */
export const to = {
  group: (groupId: string, filterId: string | null = null) => ({
    target: {
      '@odata.type': graphType('groupAssignmentTarget'),
      groupId,
      deviceAndAppManagementAssignmentFilterId: filterId,
      deviceAndAppManagementAssignmentFilterType: filterId === null ? 'none' : 'include',
    },
  }),
  except: (groupId: string) => ({
    target: { '@odata.type': graphType('exclusionGroupAssignmentTarget'), groupId },
  }),
  allDevices: { target: { '@odata.type': graphType('allDevicesAssignmentTarget') } },
  allUsers: { target: { '@odata.type': graphType('allLicensedUsersAssignmentTarget') } },
} as const;

/** A settings catalog policy with these assignments. */
export function assignedPolicy(name: string, assignments: readonly object[]) {
  const { path, body } = catalogPolicy(name);
  return { path, body: { ...body, assignments } };
}

/** The targets of a stored object in short: the id of the group, or the type of the target. */
export function targetsOf({ body }: { readonly body: Readonly<Record<string, unknown>> }) {
  const assignments = body['assignments'] as { target: Record<string, string> }[] | undefined;
  return (assignments ?? []).map(({ target }) => target['groupId'] ?? target['@odata.type']).sort();
}

/** A conditional access policy for all users. */
export function accessPolicy(displayName: string, state: string, application = 'All') {
  return {
    path: '/identity/conditionalAccess/policies',
    body: {
      ...{ id: randomUUID(), displayName, state },
      conditions: {
        clientAppTypes: ['all'],
        users: { includeUsers: ['All'] },
        applications: { includeApplications: [application] },
      },
      grantControls: { operator: 'OR', builtInControls: ['mfa'], termsOfUse: [] },
    },
  };
}
