import type { SampleObject } from './sample-object.ts';
import { sampleDates } from './sample-object.ts';
import { exceptGroup, toAllDevices, toAllUsers, toGroup } from './sample-assignment.ts';
import { customSettings } from './custom-settings.ts';
import { filterOf } from './sample-foundations.ts';
import { sampleId } from './sample-id.ts';
import type { SampleProfile } from './sample-profile.ts';

interface Profile {
  readonly type: string;
  readonly name: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly assignments: readonly unknown[];
}

/** The classic profiles of a sample tenant, with update rings and encrypted custom settings. */
export function deviceConfigurations(profile: SampleProfile): SampleObject[] {
  return [...windowsProfiles(profile), ...mobileProfiles(profile), ...updateRings(profile)].map(
    ({ type, name, properties, assignments }) => ({
      path: '/deviceManagement/deviceConfigurations',
      body: {
        '@odata.type': `#microsoft.graph.${type}`,
        id: sampleId(profile.tenantId, `deviceConfiguration:${name}`),
        ...sampleDates,
        displayName: `${profile.prefix} ${name}`,
        description: null,
        roleScopeTagIds: ['0'],
        supportsScopeTags: true,
        deviceManagementApplicabilityRuleOsEdition: null,
        deviceManagementApplicabilityRuleOsVersion: null,
        deviceManagementApplicabilityRuleDeviceMode: null,
        version: 3,
        ...properties,
        assignments,
      },
    }),
  );
}

function windowsProfiles({ tenantId, domain, passwordLength }: SampleProfile): Profile[] {
  return [
    {
      type: 'windows10GeneralConfiguration',
      name: 'Windows restrictions',
      properties: {
        passwordRequired: true,
        passwordMinimumLength: passwordLength,
        passwordBlockSimple: true,
        storageBlockRemovableStorage: true,
        cortanaBlocked: true,
        edgeHomepageUrls: [`https://intranet.${domain}/`],
      },
      assignments: [toAllDevices(filterOf(tenantId, 'Corporate Windows'))],
    },
    {
      type: 'windows10CustomConfiguration',
      name: 'Windows custom settings',
      properties: { omaSettings: customSettings(domain) },
      assignments: [
        toGroup(tenantId, 'SG-Devices-Windows-Early'),
        exceptGroup(tenantId, 'SG-Shared-Devices'),
      ],
    },
    {
      type: 'windows10EndpointProtectionConfiguration',
      name: 'Windows endpoint protection',
      properties: {
        bitLockerEncryptDevice: true,
        bitLockerSystemDrivePolicy: {
          encryptionMethod: 'xtsAes256',
          startupAuthenticationRequired: true,
          minimumPinLength: 6,
        },
        firewallBlockStatefulFTP: true,
      },
      assignments: [toAllDevices()],
    },
    {
      type: 'windowsDeliveryOptimizationConfiguration',
      name: 'Windows delivery optimization',
      properties: { deliveryOptimizationMode: 'httpWithPeeringNat', maximumCacheAgeInDays: 7 },
      assignments: [toGroup(tenantId, 'SG-Devices-Windows-Broad')],
    },
    {
      type: 'windowsHealthMonitoringConfiguration',
      name: 'Windows health monitoring',
      properties: {
        allowDeviceHealthMonitoring: 'enabled',
        configDeviceHealthMonitoringScope: 'bootPerformance,windowsUpdates',
      },
      assignments: [toAllDevices(filterOf(tenantId, 'Windows laptops', 'exclude'))],
    },
  ];
}

function mobileProfiles({ tenantId, domain }: SampleProfile): Profile[] {
  return [
    {
      type: 'iosGeneralDeviceConfiguration',
      name: 'iPad restrictions',
      properties: {
        cameraBlocked: false,
        iCloudBlockBackup: true,
        safariManagedDomains: [domain],
        passcodeMinimumLength: 6,
      },
      assignments: [toAllUsers(filterOf(tenantId, 'Supervised iPads'))],
    },
    {
      type: 'macOSCustomConfiguration',
      name: 'macOS login window',
      properties: {
        payloadName: 'Login window',
        payloadFileName: 'loginwindow.mobileconfig',
        payload: Buffer.from(
          '<?xml version="1.0"?><plist version="1.0"><dict><key>SHOWFULLNAME</key><true/></dict></plist>',
        ).toString('base64'),
      },
      assignments: [toGroup(tenantId, 'SG-Devices-macOS-Early')],
    },
    {
      type: 'androidDeviceOwnerGeneralDeviceConfiguration',
      name: 'Android kiosk',
      properties: {
        kioskModeBluetoothConfigurationEnabled: false,
        passwordRequiredType: 'numericComplex',
        wifiBlockEditConfigurations: true,
      },
      assignments: [
        toGroup(tenantId, 'SG-Kiosks', filterOf(tenantId, 'Personal Android', 'exclude')),
      ],
    },
  ];
}

function updateRings({ tenantId }: SampleProfile): Profile[] {
  const rings = [
    ['Pilot', 0],
    ['Early', 3],
    ['Broad', 10],
  ] as const;
  return rings.map(([ring, days]) => ({
    type: 'windowsUpdateForBusinessConfiguration',
    name: `Windows updates, ${ring} ring`,
    properties: {
      automaticUpdateMode: 'autoInstallAtMaintenanceTime',
      qualityUpdatesDeferralPeriodInDays: days,
      featureUpdatesDeferralPeriodInDays: days * 3,
      businessReadyUpdatesOnly: 'userDefined',
      qualityUpdatesPaused: false,
      installationSchedule: {
        '@odata.type': '#microsoft.graph.windowsUpdateActiveHoursInstall',
        activeHoursStart: '07:00:00.0000000',
        activeHoursEnd: '19:00:00.0000000',
      },
    },
    assignments: [toGroup(tenantId, `SG-Devices-Windows-${ring}`)],
  }));
}
