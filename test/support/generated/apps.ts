import { assignments } from './assignments.ts';
import { base64 } from './base64.ts';
import { scopeTags } from './foundations.ts';
import {
  danglingId,
  dates,
  idOfOther,
  maker,
  type Making,
  type ObjectMaker,
  type SeedBody,
} from './object-maker.ts';
import { namedGuid } from './seeded-random.ts';

const apps = '/deviceAppManagement';
const appTypes = ['win32LobApp', 'winGetApp', 'iosStoreApp', 'macOSDmgApp', 'webApp'] as const;

/** Apps, to which other policies refer. */
export const mobileApps = maker(`${apps}/mobileApps`, 'App', 6, (making) => ({
  '@odata.type': `#microsoft.graph.${appTypes[making.index % appTypes.length]}`,
  ...dates(making),
  displayName: making.name,
  description: 'An app',
  publisher: 'Contoso',
  isFeatured: false,
  publishingState: 'published',
  isAssigned: making.index % 5 !== 0,
  roleScopeTagIds: scopeTags(making),
  displayVersion: making.index % 2 === 0 ? null : `1.${making.index}`,
  productVersion: '1.0',
  categories: [{ id: namedGuid('category productivity'), displayName: 'Productivity' }],
  assignments: assignments(making, { intent: 'required', settings: null }),
}));

/** An app's id, or the id of a deleted app. */
export function appId(making: Making, at: number): string | null {
  return making.dangles && at === 0
    ? danglingId(making)
    : idOfOther(making, mobileApps, making.index + at);
}

function protection(segment: string, entity: string, weight: number): ObjectMaker {
  return maker(
    `${apps}/${segment}`,
    `Protection ${segment.slice(0, 3)}`,
    weight,
    (making) => ({
      '@odata.type': `#microsoft.graph.${entity}`,
      ...dates(making),
      displayName: making.name,
      description: '',
      version: `"${namedGuid(`${making.id} version`)}"`,
      roleScopeTagIds: scopeTags(making),
      pinRequired: true,
      minimumPinLength: 4 + (making.index % 4),
      periodOfflineBeforeAccessCheck: 'PT12H',
      deployedAppCount: 2,
      isAssigned: true,
      appGroupType: 'selectedPublicApps',
      apps: bundles(making, entity),
      assignments: assignments(making),
    }),
    { idForm: ({ seed, index }) => `T_${namedGuid(`${seed} ${segment} ${index}`)}` },
  );
}

function bundles(making: Making, entity: string): SeedBody[] {
  const isAndroid = entity.startsWith('android');
  return Array.from({ length: making.random.below(5) + 1 }, (_, at) => {
    const bundle = `com.contoso.app${making.index}.part${at}`;
    return {
      id: `${bundle}.${isAndroid ? 'android' : 'ios'}`,
      version: '1',
      mobileAppIdentifier: isAndroid
        ? { '@odata.type': '#microsoft.graph.androidMobileAppIdentifier', packageId: bundle }
        : { '@odata.type': '#microsoft.graph.iosMobileAppIdentifier', bundleId: bundle },
    };
  });
}

/** Rare kinds of protection, two with files instead of apps and one without assignments. */
function oldProtections(): ObjectMaker[] {
  const kinds = [
    ['mdmWindowsInformationProtectionPolicies', 'mdmWindowsInformationProtectionPolicy', 'M'],
    ['windowsInformationProtectionPolicies', 'windowsInformationProtectionPolicy', 'W'],
    ['defaultManagedAppProtections', 'defaultManagedAppProtection', 'D'],
  ] as const;
  return kinds.map(([segment, entity, letter]) =>
    maker(
      `${apps}/${segment}`,
      `Protection ${letter}`,
      0.5,
      (making) => ({
        '@odata.type': `#microsoft.graph.${entity}`,
        ...dates(making),
        displayName: making.name,
        description: '',
        version: `"${namedGuid(`${making.id} version`)}"`,
        roleScopeTagIds: scopeTags(making),
        ...(letter === 'D'
          ? { apps: bundles(making, entity) }
          : {
              protectedAppLockerFiles: [
                { id: namedGuid(`${making.id} file`), displayName: 'Allowed', fileHash: 'AA==' },
              ],
              exemptAppLockerFiles: [],
              assignments: assignments(making),
            }),
      }),
      {
        idForm: ({ seed, index }) => `${letter}_${namedGuid(`${seed} ${segment} ${index}`)}`,
        countMax: 10,
      },
    ),
  );
}

/** App protection and app configuration, seeded at their typed addresses. */
export const managedApps = [
  protection('iosManagedAppProtections', 'iosManagedAppProtection', 3),
  protection('androidManagedAppProtections', 'androidManagedAppProtection', 3),
  protection('windowsManagedAppProtections', 'windowsManagedAppProtection', 1),
  ...oldProtections(),
  maker(
    `${apps}/targetedManagedAppConfigurations`,
    'App settings',
    2,
    (making) => ({
      '@odata.type': '#microsoft.graph.targetedManagedAppConfiguration',
      ...dates(making),
      displayName: making.name,
      description: '',
      version: `"${namedGuid(`${making.id} version`)}"`,
      roleScopeTagIds: scopeTags(making),
      customSettings: [
        { name: 'com.contoso.url', value: `https://contoso.example/${making.index}` },
      ],
      deployedAppCount: 1,
      isAssigned: true,
      appGroupType: 'selectedPublicApps',
      apps: bundles(making, 'ios'),
      assignments: assignments(making),
    }),
    { idForm: ({ seed, index }) => `A_${namedGuid(`${seed} appConfiguration ${index}`)}` },
  ),
];

/** Configuration of apps on managed devices; the app behind it may be gone. */
export const mobileAppConfigurations = maker(
  `${apps}/mobileAppConfigurations`,
  'Managed app',
  3,
  (making) => {
    const app = appId(making, 0);
    const isAndroid = making.index % 2 === 0;
    return {
      '@odata.type': isAndroid
        ? '#microsoft.graph.androidManagedStoreAppConfiguration'
        : '#microsoft.graph.iosMobileAppConfiguration',
      ...dates(making),
      displayName: making.name,
      description: '',
      version: 1,
      roleScopeTagIds: scopeTags(making),
      targetedMobileApps: app === null ? [] : [app],
      ...(isAndroid
        ? {
            packageId: `app:com.contoso.app${making.index}`,
            payloadJson: base64(
              `{"kind":"androidenterprise#managedConfiguration","n":${making.index}}`,
            ),
            appSupportsOemConfig: false,
          }
        : {
            settings: [
              { appConfigKey: 'url', appConfigKeyType: 'stringType', appConfigKeyValue: 'x' },
            ],
          }),
      assignments: assignments(making),
    };
  },
);
