import { toAllUsers, toGroup } from './sample-assignment.ts';
import { notificationId } from './sample-foundations.ts';
import { sampleId } from './sample-id.ts';
import type { SampleObject } from './sample-object.ts';
import { sampleDates } from './sample-object.ts';
import type { SampleProfile } from './sample-profile.ts';

const noTemplate = '00000000-0000-0000-0000-000000000000';

/** The classic compliance policies of a sample tenant: platform, name, requirements. */
export function compliancePolicies(profile: SampleProfile): SampleObject[] {
  return policiesOf(profile).map(([type, name, properties], index) => ({
    path: '/deviceManagement/deviceCompliancePolicies',
    body: {
      '@odata.type': `#microsoft.graph.${type}`,
      id: sampleId(profile.tenantId, `deviceCompliancePolicy:${name}`),
      ...sampleDates,
      displayName: `${profile.prefix} ${name}`,
      description: null,
      roleScopeTagIds: ['0'],
      version: 2,
      ...properties,
      scheduledActionsForRule: [scheduledActions(profile.tenantId, index % 2 === 0)],
      assignments: [
        index === 0 ? toAllUsers() : toGroup(profile.tenantId, 'SG-Devices-Windows-Broad'),
      ],
    },
  }));
}

function policiesOf({ passwordLength }: SampleProfile) {
  return [
    [
      'windows10CompliancePolicy',
      'Windows compliance',
      {
        bitLockerEnabled: true,
        secureBootEnabled: true,
        osMinimumVersion: '10.0.22631.4317',
        passwordRequired: true,
        passwordMinimumLength: passwordLength,
        defenderEnabled: true,
        validOperatingSystemBuildRanges: [],
      },
    ],
    [
      'windows10CompliancePolicy',
      'Windows kiosk compliance',
      { bitLockerEnabled: true, secureBootEnabled: true, validOperatingSystemBuildRanges: [] },
    ],
    [
      'iosCompliancePolicy',
      'iOS compliance',
      { passcodeRequired: true, osMinimumVersion: '17.6', restrictedApps: [] },
    ],
    [
      'macOSCompliancePolicy',
      'macOS compliance',
      { storageRequireEncryption: true, systemIntegrityProtectionEnabled: true },
    ],
    [
      'androidDeviceOwnerCompliancePolicy',
      'Android compliance',
      { storageRequireEncryption: true, passwordRequired: true, restrictedApps: [] },
    ],
  ] as const;
}

function scheduledActions(tenantId: string, notifies: boolean): Record<string, unknown> {
  const rule = sampleId(tenantId, 'scheduledActionsForRule');
  const block = {
    id: sampleId(tenantId, 'action:block'),
    actionType: 'block',
    gracePeriodHours: 24,
    notificationTemplateId: noTemplate,
    notificationMessageCCList: [],
  };
  const notify = {
    ...block,
    id: sampleId(tenantId, 'action:notification'),
    actionType: 'notification',
    gracePeriodHours: 0,
    notificationTemplateId: notificationId(tenantId),
  };
  return {
    id: rule,
    ruleName: null,
    scheduledActionConfigurations: notifies ? [block, notify] : [block],
  };
}
