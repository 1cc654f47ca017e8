import { groupId } from './groups.ts';
import { dates, idOfOther, maker, type Making, type SeedBody } from './object-maker.ts';

const manage = '/deviceManagement';

/** Scope tags: numbered, uniquely named, assigned to groups. */
export const roleScopeTags = maker(
  `${manage}/roleScopeTags`,
  'Site',
  2,
  ({ index, name, seed }) => ({
    displayName: name,
    description: '',
    isBuiltIn: false,
    permissions: [],
    assignments:
      index % 3 === 0
        ? [
            {
              target: {
                '@odata.type': '#microsoft.graph.groupAssignmentTarget',
                groupId: groupId(seed, index),
              },
            },
          ]
        : [],
  }),
  { idForm: ({ index }) => String(index + 1), uniqueNames: true, countMin: 3, countMax: 40 },
);

/** The scope tags of an object: the default one, or one or two of the tenant's. */
export function scopeTags(making: Making): string[] {
  const own = idOfOther(making, roleScopeTags, making.index);
  return own === null || making.index % 2 === 0 ? ['0'] : ['0', own];
}

const filterRules = [
  ['windows10AndLater', '(device.deviceOwnership -eq "Corporate")'],
  ['iOS', '(device.model -contains "iPad")'],
  ['androidForWork', '(device.manufacturer -eq "Contoso \\"Rugged\\"")'],
  ['macOS', '(device.osVersion -startsWith "15")'],
] as const;

/** Filters of assignments. */
export const assignmentFilters = maker(
  `${manage}/assignmentFilters`,
  'Filter',
  2,
  (making) => {
    const [platform, rule] = making.random.pick(filterRules);
    return {
      ...dates(making),
      displayName: making.name,
      description: null,
      platform,
      rule,
      roleScopeTags: scopeTags(making),
      assignmentFilterManagementType: 'devices',
    };
  },
  { countMin: 3, countMax: 120 },
);

const locales = [
  ['en-us', 'Your device needs attention', 'Open the Company Portal.'],
  ['de-de', 'Ihr Gerät braucht Sie', 'Öffnen Sie das Unternehmensportal.'],
  ['fr-fr', 'Votre appareil', 'Ouvrez le portail d’entreprise.'],
  ['ja-jp', 'デバイスの確認', '会社ポータルを開いてください。'],
] as const;

/** Notification templates with messages in one to four languages, the default one first. */
export const notificationTemplates = maker(
  `${manage}/notificationMessageTemplates`,
  'Notification',
  1.5,
  (making) => ({
    ...dates(making),
    displayName: making.name,
    description: null,
    defaultLocale: 'en-us',
    brandingOptions: 'includeCompanyLogo,includeContactInformation',
    roleScopeTagIds: scopeTags(making),
    localizedNotificationMessages: locales
      .slice(0, ((making.index + 1) % locales.length) + 1)
      .map(([locale, subject, messageTemplate], at) => ({
        id: `${making.id}_${locale}`,
        lastModifiedDateTime: '2026-02-03T04:05:06Z',
        locale,
        subject,
        messageTemplate,
        isDefault: at === 0,
      })),
  }),
);

/** Roles, with assignments of groups to groups. */
export const roleDefinitions = maker(
  `${manage}/roleDefinitions`,
  'Role',
  1,
  (making) => ({
    '@odata.type': '#microsoft.graph.deviceAndAppManagementRoleDefinition',
    displayName: making.name,
    description: 'May read and assign',
    isBuiltIn: false,
    isBuiltInRoleDefinition: false,
    roleScopeTagIds: scopeTags(making),
    permissions: [rolePermission],
    rolePermissions: [rolePermission],
    roleAssignments: Array.from({ length: (making.index + 1) % 3 }, (_, at) =>
      roleAssignment(making, at),
    ),
  }),
  { uniqueNames: true, countMin: 2, countMax: 60 },
);

const roleActions = [
  'Microsoft.Intune_DeviceConfigurations_Read',
  'Microsoft.Intune_DeviceConfigurations_Assign',
];

const rolePermission = {
  actions: [],
  resourceActions: [{ allowedResourceActions: roleActions, notAllowedResourceActions: [] }],
};

function roleAssignment(making: Making, at: number): SeedBody {
  const tag = idOfOther(making, roleScopeTags, making.index + at) ?? '0';
  return {
    '@odata.type': '#microsoft.graph.deviceAndAppManagementRoleAssignment',
    id: making.id.replace(/^.{8}/, `0000000${at}`),
    displayName: `${making.name} for team ${at + 1}`,
    description: '',
    scopeType: 'resourceScope',
    members: [groupId(making.seed, making.index + at)],
    scopeMembers: [groupId(making.seed, making.index + at + 1)],
    resourceScopes: [groupId(making.seed, making.index + at + 1)],
    roleScopeTags: [{ id: tag, displayName: `Site ${tag}`, description: '', isBuiltIn: false }],
  };
}

/** Categories for users to choose for their devices. */
export const deviceCategories = maker(
  `${manage}/deviceCategories`,
  'Category',
  1,
  ({ name }) => ({ displayName: name, description: '', roleScopeTagIds: ['0'] }),
  { countMax: 60 },
);
