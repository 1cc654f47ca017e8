import { assignments } from './assignments.ts';
import { base64 } from './base64.ts';
import { scopeTags } from './foundations.ts';
import { dates, danglingId, idOfOther, maker, type Making, type SeedBody } from './object-maker.ts';
import { complianceScripts } from './scripts.ts';
import { namedGuid } from './seeded-random.ts';
import { scheduledActions } from './settings-catalog.ts';

const manage = '/deviceManagement';

function common(making: Making): SeedBody {
  return {
    ...dates(making),
    displayName: making.name,
    description: making.index % 3 === 0 ? null : 'Generated',
    roleScopeTagIds: scopeTags(making),
  };
}

const configurationForms: readonly ((making: Making) => SeedBody)[] = [
  ({ id, random }) => ({
    '@odata.type': '#microsoft.graph.windows10GeneralConfiguration',
    passwordRequired: true,
    passwordMinimumLength: random.below(10) + 6,
    cameraBlocked: random.chance(50),
    privacyAccessControls: ['camera', 'microphone'].map((dataCategory) => ({
      id: namedGuid(`${id} ${dataCategory}`),
      accessLevel: 'forceDeny',
      dataCategory,
      appDisplayName: 'Contoso Camera',
      appPackageFamilyName: 'Contoso.Camera_8wekyb3d8bbwe',
    })),
  }),
  ({ index, secrets }) => ({
    '@odata.type': '#microsoft.graph.windows10CustomConfiguration',
    omaSettings: secrets ? [omaText(index), omaNumber(index)] : [omaNumber(index)],
  }),
  () => ({
    '@odata.type': '#microsoft.graph.windowsUpdateForBusinessConfiguration',
    qualityUpdatesDeferralPeriodInDays: 7,
    featureUpdatesDeferralPeriodInDays: 30,
    qualityUpdatesPauseExpiryDateTime: '0001-01-01T00:00:00Z',
    qualityUpdatesWillBeRolledBack: null,
  }),
  ({ name }) => ({
    '@odata.type': '#microsoft.graph.macOSCustomConfiguration',
    payloadName: name,
    payloadFileName: 'profile.mobileconfig',
    payload: base64(`<plist><dict><key>${name}</key><true/></dict></plist>`),
    deploymentChannel: 'deviceChannel',
  }),
  ({ index, secrets }) => ({
    '@odata.type': '#microsoft.graph.iosWiFiConfiguration',
    networkName: `WLAN ${index}`,
    ssid: `corp-${index}`,
    ...(secrets
      ? { wiFiSecurityType: 'wpaPersonal', preSharedKey: `key-of-${index}` }
      : { wiFiSecurityType: 'open' }),
  }),
  () => ({
    '@odata.type': '#microsoft.graph.androidDeviceOwnerGeneralDeviceConfiguration',
    appsAutoUpdatePolicy: 'wiFiOnly',
    kioskModeApps: [],
  }),
  ({ index }) => ({
    '@odata.type': '#microsoft.graph.windows81TrustedRootCertificate',
    trustedRootCertificate: base64(`certificate ${index}`),
    certFileName: `root-${index}.cer`,
    destinationStore: 'computerCertStoreRoot',
  }),
  (making) => ({
    '@odata.type': '#microsoft.graph.windows81SCEPCertificateProfile',
    subjectNameFormatString: `CN={{AAD_Device_ID}},OU=${making.index}`,
    keySize: 'size2048',
    scepServerUrls: ['https://scep.contoso.example'],
    rootCertificate: profileBefore(making, 1),
  }),
  (making) => ({
    '@odata.type': '#microsoft.graph.windowsWifiEnterpriseEAPConfiguration',
    networkName: `Enterprise ${making.index}`,
    ssid: `enterprise-${making.index}`,
    authenticationMethod: 'certificate',
    rootCertificatesForServerValidation: [profileBefore(making, 2)],
    identityCertificateForClientAuthentication: profileBefore(making, 1),
  }),
];

/**
 * The last places are certificates: the root, then profiles with links to it. A backup reads profiles with links
 * every night.
 */
const chainLength = 3;
/** Tenants have few chains of certificates: one round of the forms in so many has a chain. */
const roundsOfOneChain = 4;

/** The form of a profile by its place among the profiles; the links of a chain stay within their round. */
function formAt(index: number): (typeof configurationForms)[number] | undefined {
  const round = Math.floor(index / configurationForms.length);
  const withChain = round % roundsOfOneChain === 0;
  const forms = withChain ? configurationForms : configurationForms.slice(0, -chainLength);
  return forms[(index % configurationForms.length) % forms.length];
}

/** The link to a profile a few places earlier; each form comes after the forms that it uses. */
function profileBefore(making: Making, places: number): SeedBody {
  return { id: idOfOther(making, deviceConfigurations, making.index - places) };
}

/** Classic profiles: general, custom with secrets, update rings, payloads, Wi-Fi. */
export const deviceConfigurations = maker(
  `${manage}/deviceConfigurations`,
  'Profile',
  26,
  (making) => ({
    ...formAt(making.index)?.(making),
    ...common(making),
    supportsScopeTags: true,
    version: (making.index % 5) + 1,
    assignments: assignments(making),
  }),
);

function omaText(index: number): SeedBody {
  return {
    '@odata.type': '#microsoft.graph.omaSettingString',
    displayName: 'Pre-shared key',
    omaUri: `./Vendor/MSFT/WiFi/Profile/Generated${index}/Secret`,
    value: `<key>${index}</key>`,
    isEncrypted: true,
  };
}

function omaNumber(index: number): SeedBody {
  return {
    '@odata.type': '#microsoft.graph.omaSettingInteger',
    displayName: 'Limit',
    omaUri: `./Device/Vendor/MSFT/Policy/Config/Generated/Limit${index}`,
    value: index,
    isEncrypted: false,
  };
}

const complianceTypes = [
  'windows10CompliancePolicy',
  'iosCompliancePolicy',
  'macOSCompliancePolicy',
  'androidDeviceOwnerCompliancePolicy',
] as const;

/** Classic compliance policies, some with a script. */
export const deviceCompliancePolicies = maker(
  `${manage}/deviceCompliancePolicies`,
  'Compliance',
  8,
  (making) => ({
    '@odata.type': `#microsoft.graph.${complianceTypes[making.index % complianceTypes.length]}`,
    ...common(making),
    version: 1,
    osMinimumVersion: `10.0.${22_000 + making.index}`,
    ...(making.index % complianceTypes.length === 0 ? script(making) : {}),
    scheduledActionsForRule: [scheduledActions(making)],
    assignments: assignments(making),
  }),
);

function script(making: Making): SeedBody {
  const id = idOfOther(making, complianceScripts, making.index);
  return {
    deviceCompliancePolicyScript:
      id === null
        ? null
        : {
            deviceComplianceScriptId: making.dangles ? danglingId(making) : id,
            rulesContent: base64('{"Rules":[]}'),
          },
  };
}

/** BIOS settings. */
export const hardwareConfigurations = maker(
  `${manage}/hardwareConfigurations`,
  'BIOS',
  1,
  (making) => ({
    ...common(making),
    version: 1,
    fileName: 'bios.cctk',
    configurationFileContent: base64(`[cctk]\nSecureBoot=Enabled\n;${making.index}`),
    hardwareConfigurationFormat: 'dell',
    perDevicePasswordDisabled: true,
    assignments: assignments(making),
  }),
);

/** Feature, quality, hotpatch and driver updates. */
export const updateProfiles = [
  maker(`${manage}/windowsFeatureUpdateProfiles`, 'Feature update', 1.5, (making) => ({
    ...common(making),
    featureUpdateVersion: 'Windows 11, version 24H2',
    deployableContentDisplayName: 'Windows 11, version 24H2',
    endOfSupportDate: '2027-10-12T00:00:00Z',
    rolloutSettings: null,
    assignments: assignments(making),
  })),
  maker(`${manage}/windowsQualityUpdateProfiles`, 'Expedited update', 1.5, (making) => ({
    ...common(making),
    expeditedUpdateSettings: {
      qualityUpdateRelease: '2026-10-14T00:00:00Z',
      daysUntilForcedReboot: 1,
    },
    releaseDateDisplayName: '10/14/2026',
    deployableContentDisplayName: '10/14/2026 - 2026.10 B',
    assignments: assignments(making),
  })),
  maker(`${manage}/windowsQualityUpdatePolicies`, 'Hotpatch', 1, (making) => ({
    ...common(making),
    hotpatchEnabled: true,
    approvalSettings: [],
    assignments: assignments(making),
  })),
  maker(`${manage}/windowsDriverUpdateProfiles`, 'Drivers', 1.5, (making) => ({
    ...common(making),
    approvalType: 'automatic',
    deploymentDeferralInDays: 3,
    newUpdates: 0,
    deviceReporting: 0,
    inventorySyncStatus: null,
    assignments: assignments(making),
  })),
];
