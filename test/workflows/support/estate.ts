import { randomUUID } from 'node:crypto';

/** An object to seed. */
export interface SeedObject {
  readonly path: string;
  readonly body: { readonly id: string } & Readonly<Record<string, unknown>>;
}

export const paths = {
  catalog: '/deviceManagement/configurationPolicies',
  compliance: '/deviceManagement/deviceCompliancePolicies',
  filters: '/deviceManagement/assignmentFilters',
  templates: '/deviceManagement/notificationMessageTemplates',
  tags: '/deviceManagement/roleScopeTags',
  scripts: '/deviceManagement/deviceManagementScripts',
  sets: '/deviceAppManagement/policySets',
  reusable: '/deviceManagement/reusablePolicySettings',
  protection: '/deviceAppManagement/iosManagedAppProtections',
  access: '/identity/conditionalAccess/policies',
} as const;

const graphType = (name: string) => `#microsoft.graph.${name}`;

export function filter(displayName: string, id: string = randomUUID()): SeedObject {
  const rule = '(device.osVersion -startsWith "10")';
  return { path: paths.filters, body: { id, displayName, platform: 'windows10AndLater', rule } };
}

export function scopeTag(displayName: string, id: string): SeedObject {
  return { path: paths.tags, body: { id, displayName, isBuiltIn: false } };
}

export function notificationTemplate(displayName: string): SeedObject {
  const message = { id: randomUUID(), locale: 'en-us', subject: 'S', messageTemplate: 'M' };
  const body = { id: randomUUID(), displayName, roleScopeTagIds: ['0'] };
  return {
    path: paths.templates,
    body: { ...body, localizedNotificationMessages: [{ ...message, isDefault: true }] },
  };
}

/** The references of a policy, by Graph id. */
export interface Pointers {
  readonly filterId?: string;
  readonly templateId?: string;
  readonly tagIds?: readonly string[];
  /** A reusable group of settings. */
  readonly reusableId?: string;
  readonly groups?: number;
}

export function assignments({ filterId, groups = 1 }: Pointers): object[] {
  return Array.from({ length: groups }, () => ({
    id: randomUUID(),
    target: {
      '@odata.type': graphType('groupAssignmentTarget'),
      groupId: randomUUID(),
      deviceAndAppManagementAssignmentFilterId: filterId ?? null,
      deviceAndAppManagementAssignmentFilterType: filterId === undefined ? 'none' : 'include',
    },
  }));
}

/** A compliance policy whose action on noncompliance may send mail by a template. */
export function compliancePolicy(displayName: string, pointers: Pointers = {}): SeedObject {
  const notificationTemplateId = pointers.templateId ?? '00000000-0000-0000-0000-000000000000';
  const action = { id: randomUUID(), gracePeriodHours: 0, actionType: 'notification' };
  const rule = { id: randomUUID(), ruleName: 'PasswordRequired' };
  return {
    path: paths.compliance,
    body: {
      '@odata.type': graphType('windows10CompliancePolicy'),
      id: randomUUID(),
      displayName,
      passwordRequired: true,
      roleScopeTagIds: pointers.tagIds ?? ['0'],
      scheduledActionsForRule: [
        { ...rule, scheduledActionConfigurations: [{ ...action, notificationTemplateId }] },
      ],
      assignments: assignments(pointers),
    },
  };
}

/** A settings catalog policy; {@link mutate} changes the value of its settings. */
export function catalogPolicy(
  name: string,
  value: string = 'on',
  pointers: Pointers = {},
): SeedObject {
  const entity = graphType('deviceManagementConfiguration');
  const settings = [0, 1].map((index) => ({
    id: String(index),
    settingInstance: {
      '@odata.type': `${entity}SimpleSettingInstance`,
      settingDefinitionId: `device_vendor_msft_policy_config_test_${index}`,
      simpleSettingValue: { '@odata.type': `${entity}StringSettingValue`, value },
    },
  }));
  const { reusableId } = pointers;
  const reference = {
    '@odata.type': `${entity}ReferenceSettingValue`,
    value: reusableId,
  };
  const [first, second] = settings;
  const taken = { ...second?.settingInstance, simpleSettingValue: reference };
  const kept = reusableId === undefined ? settings : [first, { ...second, settingInstance: taken }];
  return {
    path: paths.catalog,
    body: {
      ...{ id: randomUUID(), name, platforms: 'windows10', technologies: 'mdm' },
      roleScopeTagIds: pointers.tagIds ?? ['0'],
      settings: kept,
      assignments: assignments(pointers),
    },
  };
}

/** Makes this many small policies of the settings catalog. */
export function catalogPolicies(count: number): SeedObject[] {
  return Array.from({ length: count }, (_, index) => catalogPolicy(`Policy ${index}`));
}

export function reusableSetting(displayName: string): SeedObject {
  const instance = {
    '@odata.type': graphType('deviceManagementConfigurationSimpleSettingInstance'),
    settingDefinitionId: 'device_vendor_msft_policy_config_reusable',
    simpleSettingValue: {
      '@odata.type': graphType('deviceManagementConfigurationStringSettingValue'),
      value: 'shared',
    },
  };
  const body = { id: randomUUID(), displayName, settingDefinitionId: instance.settingDefinitionId };
  return { path: paths.reusable, body: { ...body, settingInstance: instance } };
}

export function appProtection(displayName: string): SeedObject {
  return {
    path: paths.protection,
    body: {
      '@odata.type': graphType('iosManagedAppProtection'),
      id: `T_${randomUUID()}`,
      displayName,
      apps: [],
      assignments: [],
    },
  };
}

const payloadTypes: Readonly<Record<string, string>> = {
  [paths.catalog]: 'deviceManagementConfigurationPolicyPolicySetItem',
  [paths.protection]: 'managedAppProtectionPolicySetItem',
};

/** A policy set with these items. */
export function policySet(displayName: string, payloads: readonly SeedObject[]): SeedObject {
  const items = payloads.map(({ path, body }) => ({
    '@odata.type': graphType(payloadTypes[path] ?? ''),
    id: randomUUID(),
    payloadId: body.id,
    itemType: graphType(payloadTypes[path] ?? ''),
  }));
  const body = { id: randomUUID(), displayName, roleScopeTags: ['0'], items, assignments: [] };
  return { path: paths.sets, body };
}

/** "Multifactor authentication", a strength of every tenant. */
export const builtInStrengthId = '00000000-0000-0000-0000-000000000002';

/** A conditional access policy with an authentication strength. */
export function accessPolicy(displayName: string, strengthId: string): SeedObject {
  return {
    path: paths.access,
    body: {
      ...{ id: randomUUID(), displayName, state: 'enabledForReportingButNotEnforced' },
      conditions: {
        users: { includeUsers: ['All'] },
        applications: { includeApplications: ['All'] },
      },
      grantControls: {
        ...{ operator: 'OR', builtInControls: [], termsOfUse: [] },
        authenticationStrength: { id: strengthId },
      },
    },
  };
}
