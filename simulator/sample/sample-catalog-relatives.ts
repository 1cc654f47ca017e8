import { catalogSetting } from './catalog-setting.ts';
import { toAllDevices, toGroup } from './sample-assignment.ts';
import { base64, sampleBase } from './sample-base.ts';
import { sampleId } from './sample-id.ts';
import type { SampleObject } from './sample-object.ts';
import type { SampleProfile } from './sample-profile.ts';
import { sampleDates } from './sample-object.ts';

const manage = '/deviceManagement';
const noTemplate = '00000000-0000-0000-0000-000000000000';
const addresses =
  'vendor_msft_firewall_mdmstore_dynamickeywords_addresses_{id}_addresses' as const;

/** Policies built of catalog-like settings: Linux compliance, inventory, reusable settings, intents. */
export function sampleCatalogRelatives(profile: SampleProfile): SampleObject[] {
  return [
    linuxCompliance(profile),
    inventory(profile),
    reusableSetting(profile),
    intent(profile),
    admxFile(profile),
    ...scripts(profile),
  ];
}

function catalogBase(profile: SampleProfile, name: string) {
  const { displayName, ...base } = sampleBase(profile, name);
  return { ...base, name: displayName };
}

function linuxCompliance(profile: SampleProfile): SampleObject {
  const block = {
    id: sampleId(profile.tenantId, 'linux:block'),
    actionType: 'block',
    gracePeriodHours: 0,
    notificationTemplateId: noTemplate,
    notificationMessageCCList: [],
  };
  return {
    path: `${manage}/compliancePolicies`,
    body: {
      ...catalogBase(profile, 'Linux compliance'),
      platforms: 'linux',
      technologies: 'linuxMdm',
      creationSource: null,
      templateReference: { templateId: '', templateFamily: 'none' },
      settings: [
        catalogSetting('linux_distribution_alloweddistros_item_minimumversion', '22.04'),
        catalogSetting('linux_deviceencryption_required', { option: 'true' }),
      ],
      scheduledActionsForRule: [
        {
          id: sampleId(profile.tenantId, 'linux:rule'),
          ruleName: null,
          scheduledActionConfigurations: [block],
        },
      ],
      assignments: [toGroup(profile.tenantId, 'SG-Users-Engineering')],
    },
  };
}

function inventory(profile: SampleProfile): SampleObject {
  return {
    path: `${manage}/inventoryPolicies`,
    body: {
      ...catalogBase(profile, 'Battery and BIOS'),
      platforms: 'windows10',
      technologies: 'mdm',
      settings: [catalogSetting('battery_cyclecount', { option: 'true' })],
      assignments: [toAllDevices()],
    },
  };
}

function reusableSetting(profile: SampleProfile): SampleObject {
  const { roleScopeTagIds: _unused, ...base } = sampleBase(profile, 'Addresses of the offices');
  return {
    path: `${manage}/reusablePolicySettings`,
    body: {
      ...base,
      version: 1,
      referencingConfigurationPolicyCount: 0,
      settingDefinitionId: addresses,
      settingInstance: {
        '@odata.type': '#microsoft.graph.deviceManagementConfigurationSimpleSettingInstance',
        settingDefinitionId: addresses,
        settingInstanceTemplateReference: null,
        simpleSettingValue: {
          '@odata.type': '#microsoft.graph.deviceManagementConfigurationStringSettingValue',
          settingValueTemplateReference: null,
          value: '10.20.0.0/16',
        },
      },
    },
  };
}

function intent(profile: SampleProfile): SampleObject {
  const names = ['bitLockerDisableWarningForOtherDiskEncryption', 'bitLockerEncryptDevice'];
  return {
    path: `${manage}/intents`,
    body: {
      ...sampleBase(profile, 'BitLocker of old'),
      templateId: 'd1174162-1dd2-4976-affc-6667049ab0ae',
      isAssigned: true,
      isMigratingToConfigurationPolicy: false,
      settings: names.map((name) => ({
        '@odata.type': '#microsoft.graph.deviceManagementBooleanSettingInstance',
        id: sampleId(profile.tenantId, `intent:${name}`),
        definitionId: `deviceConfiguration--windows10EndpointProtectionConfiguration_${name}`,
        valueJson: 'true',
        value: true,
      })),
      assignments: [toGroup(profile.tenantId, 'SG-Executives')],
    },
  };
}

function admxFile({ prefix, tenantId }: SampleProfile): SampleObject {
  return {
    path: `${manage}/groupPolicyUploadedDefinitionFiles`,
    body: {
      id: sampleId(tenantId, 'admx'),
      lastModifiedDateTime: sampleDates.lastModifiedDateTime,
      displayName: null,
      description: null,
      fileName: `${prefix.toLowerCase()}-printing.admx`,
      languageCodes: ['en-US'],
      targetPrefix: 'printing',
      targetNamespace: 'Contoso.Policies.Printing',
      policyType: 'admxIngested',
      revision: '1.0',
      status: 'available',
      uploadDateTime: sampleDates.createdDateTime,
    },
  };
}

function scripts(profile: SampleProfile): SampleObject[] {
  return [
    {
      path: `${manage}/deviceComplianceScripts`,
      body: {
        ...sampleBase(profile, 'Discover the agent'),
        publisher: 'Contoso',
        version: '1',
        runAsAccount: 'system',
        enforceSignatureCheck: false,
        runAs32Bit: false,
        detectionScriptContent: base64('@{ AgentRunning = $true } | ConvertTo-Json -Compress\n'),
      },
    },
    {
      path: `${manage}/deviceCustomAttributeShellScripts`,
      body: {
        ...sampleBase(profile, 'XProtect version'),
        customAttributeName: `${profile.prefix} XProtect version`,
        customAttributeType: 'string',
        runAsAccount: 'system',
        fileName: 'xprotect.sh',
        scriptContent: base64('#!/bin/zsh\ndefaults read /Library/Apple/XProtect Version\n'),
        assignments: [toGroup(profile.tenantId, 'SG-Devices-macOS-Broad')],
      },
    },
  ];
}
