import { toAllUsers, toGroup } from './sample-assignment.ts';
import { base64, sampleBase } from './sample-base.ts';
import { sampleId } from './sample-id.ts';
import type { SampleObject } from './sample-object.ts';
import type { SampleProfile } from './sample-profile.ts';

const apps = '/deviceAppManagement';

/** The apps of a sample tenant: name, type, and the type's own properties. */
const appsOfTenant = [
  [
    'Company Portal',
    'winGetApp',
    { packageIdentifier: '9WZDNCRFJ3PZ', installExperience: { runAsAccount: 'system' } },
  ],
  [
    'Ticket scanner',
    'win32LobApp',
    { fileName: 'scanner.intunewin', displayVersion: '4.2', installCommandLine: 'setup.exe /s' },
  ],
  ['Slope maps', 'iosStoreApp', { bundleId: 'com.contoso.maps', minimumSupportedOperatingSystem: {} }],
] as const;

export function sampleAppId(tenantId: string, name: (typeof appsOfTenant)[number][0]): string {
  return sampleId(tenantId, `app:${name}`);
}

/** Apps, their protection and configuration, and a policy set of them. */
export function sampleApps(profile: SampleProfile): SampleObject[] {
  return [
    ...mobileApps(profile),
    ...protections(profile),
    ...otherProtections(profile),
    ...appConfigurations(profile),
    policySet(profile),
  ];
}

function mobileApps(profile: SampleProfile): SampleObject[] {
  return appsOfTenant.map(([name, type, properties]) => ({
    path: `${apps}/mobileApps`,
    body: {
      '@odata.type': `#microsoft.graph.${type}`,
      ...sampleBase(profile, name),
      id: sampleAppId(profile.tenantId, name),
      publisher: 'Contoso',
      isFeatured: false,
      publishingState: 'published',
      isAssigned: true,
      ...properties,
      categories: [],
      assignments: [{ intent: 'required', settings: null, ...toAllUsers() }],
    },
  }));
}

function protections(profile: SampleProfile): SampleObject[] {
  const { prefix, tenantId } = profile;
  return (['ios', 'android'] as const).map((platform) => ({
    path: `${apps}/${platform}ManagedAppProtections`,
    body: {
      '@odata.type': `#microsoft.graph.${platform}ManagedAppProtection`,
      ...sampleBase(profile, `App protection ${platform}`),
      id: `T_${sampleId(tenantId, `appProtection:${platform}`)}`,
      version: `"${sampleId(prefix, `version:${platform}`)}"`,
      periodOfflineBeforeAccessCheck: 'PT720M',
      dataBackupBlocked: true,
      pinRequired: true,
      minimumPinLength: 6,
      deployedAppCount: 2,
      isAssigned: true,
      appGroupType: 'selectedPublicApps',
      apps: [
        appOf(platform, 'com.microsoft.office.outlook'),
        appOf(platform, 'com.microsoft.teams'),
      ],
      assignments: [toGroup(tenantId, 'SG-Users-Sales')],
    },
  }));
}

/**
 * Protection of Windows apps, current and by the former Windows Information Protection, and a policy without a
 * platform.
 */
function otherProtections(profile: SampleProfile): SampleObject[] {
  const { prefix, tenantId } = profile;
  const others = [
    ['windowsManagedAppProtections', 'windowsManagedAppProtection', 'T'],
    [
      'mdmWindowsInformationProtectionPolicies',
      'mdmWindowsInformationProtectionPolicy',
      'M',
    ],
    ['windowsInformationProtectionPolicies', 'windowsInformationProtectionPolicy', 'W'],
    ['defaultManagedAppProtections', 'defaultManagedAppProtection', 'D'],
  ] as const;
  return others.map(([segment, entity, letter]) => ({
    path: `${apps}/${segment}`,
    body: {
      '@odata.type': `#microsoft.graph.${entity}`,
      ...sampleBase(profile, `Protection ${letter}`),
      id: `${letter}_${sampleId(tenantId, segment)}`,
      version: `"${sampleId(prefix, `version:${segment}`)}"`,
      ...(letter === 'T' || letter === 'D'
        ? { deployedAppCount: 1, apps: [appOf('ios', 'com.microsoft.msedge')] }
        : {
            enforcementLevel: 'encryptAuditAndBlock',
            enterpriseDomain: profile.domain,
            protectedAppLockerFiles: [],
            exemptAppLockerFiles: [],
          }),
      ...(letter === 'D' ? {} : { assignments: [toGroup(tenantId, 'SG-Contractors')] }),
    },
  }));
}

function appOf(platform: 'ios' | 'android', bundle: string): Record<string, unknown> {
  const name = platform === 'ios' ? 'bundleId' : 'packageId';
  return {
    id: `${bundle}.${platform}`,
    version: '1',
    mobileAppIdentifier: {
      '@odata.type': `#microsoft.graph.${platform}MobileAppIdentifier`,
      [name]: bundle,
    },
  };
}

function appConfigurations(profile: SampleProfile): SampleObject[] {
  const { domain, prefix, tenantId } = profile;
  return [
    {
      path: `${apps}/targetedManagedAppConfigurations`,
      body: {
        '@odata.type': '#microsoft.graph.targetedManagedAppConfiguration',
        ...sampleBase(profile, 'Edge on phones'),
        id: `A_${sampleId(tenantId, 'appConfiguration:edge')}`,
        version: `"${sampleId(prefix, 'version:edge')}"`,
        customSettings: [
          { name: 'com.microsoft.intune.mam.managedbrowser.homepage', value: `https://${domain}` },
        ],
        deployedAppCount: 1,
        isAssigned: true,
        appGroupType: 'selectedPublicApps',
        apps: [appOf('ios', 'com.microsoft.msedge')],
        assignments: [toGroup(tenantId, 'SG-Field-Staff')],
      },
    },
    {
      path: `${apps}/mobileAppConfigurations`,
      body: {
        '@odata.type': '#microsoft.graph.androidManagedStoreAppConfiguration',
        ...sampleBase(profile, 'Maps on rugged devices'),
        version: 1,
        targetedMobileApps: [sampleAppId(tenantId, 'Slope maps')],
        packageId: 'app:com.contoso.maps',
        payloadJson: base64(
          JSON.stringify({ kind: 'androidenterprise#managedConfiguration', managedProperty: [] }),
        ),
        appSupportsOemConfig: false,
        permissionActions: [],
        assignments: [toGroup(tenantId, 'SG-Devices-Android-Broad')],
      },
    },
  ];
}

function policySet(profile: SampleProfile): SampleObject {
  const { tenantId } = profile;
  const { roleScopeTagIds: roleScopeTags, ...base } = sampleBase(profile, 'New staff');
  return {
    path: `${apps}/policySets`,
    body: {
      ...base,
      roleScopeTags,
      status: 'success',
      errorCode: 'noError',
      guidedDeploymentTags: [],
      items: [
        {
          '@odata.type': '#microsoft.graph.mobileAppPolicySetItem',
          id: sampleId(tenantId, 'policySetItem'),
          payloadId: sampleAppId(tenantId, 'Company Portal'),
          itemType: '#microsoft.graph.winGetApp',
          displayName: `${profile.prefix} Company Portal`,
          status: 'success',
          errorCode: 'noError',
          guidedDeploymentTags: [],
          intent: 'required',
          settings: null,
        },
      ],
      assignments: [toGroup(tenantId, 'SG-Users-Finance')],
    },
  };
}
