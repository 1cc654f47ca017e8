import { odataPlatforms } from './odata-platforms.ts';
import type { ChildCollection, PolicyType } from './policy-type.ts';
import { assignedBy, ownChild, restoredBy, usual } from './shared-rules.ts';

/** Profiles with links to certificates: one link each, and no property in a read. */
const certificateLinks: readonly (readonly [
  derivedType: string,
  link: string,
  shape: ChildCollection['shape'],
])[] = [
  ['windowsWifiEnterpriseEAPConfiguration', 'rootCertificatesForServerValidation', 'collection'],
  ['windowsWifiEnterpriseEAPConfiguration', 'identityCertificateForClientAuthentication', 'object'],
  ['windowsWifiEnterpriseEAPConfiguration', 'rootCertificateForClientValidation', 'object'],
  ['windowsWiredNetworkConfiguration', 'rootCertificatesForServerValidation', 'collection'],
  ['windowsWiredNetworkConfiguration', 'identityCertificateForClientAuthentication', 'object'],
  ['windows81SCEPCertificateProfile', 'rootCertificate', 'object'],
  ['windows10VpnConfiguration', 'identityCertificate', 'object'],
  ['iosEnterpriseWiFiConfiguration', 'rootCertificatesForServerValidation', 'collection'],
  ['iosEnterpriseWiFiConfiguration', 'identityCertificateForClientAuthentication', 'object'],
  ['iosScepCertificateProfile', 'rootCertificate', 'object'],
  ['iosVpnConfiguration', 'identityCertificate', 'object'],
  ['macOSEnterpriseWiFiConfiguration', 'rootCertificateForServerValidation', 'object'],
  ['macOSEnterpriseWiFiConfiguration', 'identityCertificateForClientAuthentication', 'object'],
  ['macOSScepCertificateProfile', 'rootCertificate', 'object'],
  ['macOSVpnConfiguration', 'identityCertificate', 'object'],
  ['androidDeviceOwnerEnterpriseWiFiConfiguration', 'rootCertificateForServerValidation', 'object'],
  [
    'androidDeviceOwnerEnterpriseWiFiConfiguration',
    'identityCertificateForClientAuthentication',
    'object',
  ],
  ['androidDeviceOwnerScepCertificateProfile', 'rootCertificate', 'object'],
  ['androidDeviceOwnerVpnConfiguration', 'identityCertificate', 'object'],
  ['androidWorkProfileEnterpriseWiFiConfiguration', 'rootCertificateForServerValidation', 'object'],
  [
    'androidWorkProfileEnterpriseWiFiConfiguration',
    'identityCertificateForClientAuthentication',
    'object',
  ],
  ['androidWorkProfileScepCertificateProfile', 'rootCertificate', 'object'],
];

const linkNames = [...new Set(certificateLinks.map(([, link]) => link))];

function onlyFor(derivedType: string, name: string, unusual: Partial<ChildCollection>) {
  return ownChild(name, {
    path: `microsoft.graph.${derivedType}/${name}`,
    when: { property: '@odata.type', equals: `#microsoft.graph.${derivedType}` },
    ...unusual,
  });
}

/** Device configuration profiles: some sixty derived types in one collection, including update rings. */
const deviceConfiguration: PolicyType = {
  ...usual,
  type: 'deviceConfiguration',
  displayName: 'Device configuration profile',
  collection: '/deviceManagement/deviceConfigurations',
  platform: { from: 'odataType', prefixes: odataPlatforms },
  list: {
    // The index needs few properties; a full page of profiles may hold megabytes of payload.
    query: '$select=id,displayName,lastModifiedDateTime,version',
    builtInWhen: null,
  },
  children: [
    onlyFor('windows10GeneralConfiguration', 'privacyAccessControls', {
      expand: {
        clause: 'microsoft.graph.windows10GeneralConfiguration/privacyAccessControls',
        routable: true,
        inList: true,
      },
    }),
    ...certificateLinks.map(([derivedType, link, shape]) =>
      onlyFor(derivedType, link, { shape, query: '$select=id,displayName' }),
    ),
  ],
  assignments: assignedBy('assignments'),
  references: linkNames.map((link) => ({
    within: `children.${link}`,
    when: null,
    property: 'id',
    prefixes: [],
    policyType: 'deviceConfiguration',
  })),
  incremental: {
    by: 'properties',
    properties: ['lastModifiedDateTime', 'version'],
    reason:
      'every change dates and numbers the profile, and lists expand privacy controls; profiles with links are always read',
  },
  diff: {
    pairBy: [{ path: 'children.privacyAccessControls', keys: ['dataCategory', 'appDisplayName'] }],
    volatile: ['item.qualityUpdatesPauseStartDate', 'item.featureUpdatesPauseStartDate'],
  },
  restore: restoredBy({
    // Graph encrypts secret values itself; its reference to the encrypted value is useless in another object.
    strip: ['omaSettings.isEncrypted', 'omaSettings.secretReferenceValueId'],
    stripOnUpdate: [
      'qualityUpdatesPauseStartDate',
      'featureUpdatesPauseStartDate',
      'qualityUpdatesWillBeRolledBack',
      'featureUpdatesWillBeRolledBack',
    ],
    steps: [
      { step: 'links', children: linkNames },
      {
        step: 'postChild',
        action: 'windowsPrivacyAccessControls',
        key: 'windowsPrivacyAccessControls',
        child: 'privacyAccessControls',
      },
    ],
  }),
  secretMarkers: [{ property: 'isEncrypted', equals: true }],
  readPermission: 'DeviceManagementConfiguration.Read.All',
  writePermission: 'DeviceManagementConfiguration.ReadWrite.All',
};

/** BIOS settings in a file of the device's maker. */
const hardwareConfiguration: PolicyType = {
  ...usual,
  type: 'hardwareConfiguration',
  displayName: 'BIOS configuration',
  collection: '/deviceManagement/hardwareConfigurations',
  platform: { from: 'constant', platform: 'windows10' },
  list: { query: '$select=id,displayName,lastModifiedDateTime,version', builtInWhen: null },
  assignments: assignedBy('assignments'),
  incremental: {
    by: 'properties',
    properties: ['lastModifiedDateTime', 'version'],
    reason: 'a configuration is written by one PATCH, which dates and numbers it',
  },
  restore: restoredBy(),
  readPermission: 'DeviceManagementConfiguration.Read.All',
  writePermission: 'DeviceManagementConfiguration.ReadWrite.All',
};

export const deviceConfigurationTypes: readonly PolicyType[] = [
  deviceConfiguration,
  hardwareConfiguration,
];
