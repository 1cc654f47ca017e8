/** Describes IntuneCD 2.6's files of a type: their folder, their names, and their omissions. */
export interface IntuneCdRule {
  readonly type: string;
  readonly folder: string;
  /** The property with the name of the folder in `folder`. */
  readonly subfolderBy?: string;
  /** The files of the folder, or items of the type, under this rule; if absent, the rest after the earlier rules. */
  readonly when?: { readonly property: string; readonly equals?: string };
  /** The suffix of the name: Graph's type, or else the technologies; or the last of the technologies. */
  readonly suffix: 'configType' | 'lastTechnology';
  /** The item's `@odata.type`, if Graph omits it because the address implies it. IntuneCD reads a mixed list. */
  readonly odataType?: string;
  /** Children with another name in the file. */
  readonly renamed?: Readonly<Record<string, string>>;
  /** Names of members on the way to lists whose elements lose the same members as the item. */
  readonly cleaned?: readonly (readonly string[])[];
  /** Names of members on the way to omitted members. */
  readonly dropped?: readonly (readonly string[])[];
  readonly scripts?: readonly ScriptRule[];
}

/** A property in base64 that IntuneCD also writes beside the policy, for people. */
export interface ScriptRule {
  readonly property: string;
  readonly folder: 'Script Data' | 'mobileconfig';
  /** The property with the file's name, the part cut out of it, and the suffix. */
  readonly nameBy: 'displayName' | 'fileName' | 'payloadFileName';
  readonly without: string;
  readonly ending: string;
}

const script = (
  property: string,
  nameBy: ScriptRule['nameBy'],
  without: string,
  ending: string,
): ScriptRule => ({ property, folder: 'Script Data', nameBy, without, ending });

const graph = '#microsoft.graph.';
const appProtection = (type: string, name: string): IntuneCdRule => ({
  type,
  folder: 'App Protection',
  suffix: 'configType',
  odataType: `${graph}${name}`,
  when: { property: '@odata.type', equals: `${graph}${name}` },
});
const plain = (type: string, folder: string): IntuneCdRule => ({
  type,
  folder,
  suffix: 'configType',
});
const scheduledActions = [
  ['scheduledActionsForRule'],
  ['scheduledActionsForRule', 'scheduledActionConfigurations'],
];

/** The rules of one folder are tried in this order. */
export const intuneCdRules: readonly IntuneCdRule[] = [
  { type: 'settingsCatalogPolicy', folder: 'Settings Catalog', suffix: 'lastTechnology' },
  {
    ...plain('deviceConfiguration', 'Device Configurations'),
    scripts: [
      {
        ...script('payload', 'payloadFileName', '', ''),
        folder: 'mobileconfig',
      },
    ],
  },
  {
    ...plain('compliancePolicyV2', 'Compliance Policies/Policies'),
    when: { property: 'technologies' },
    cleaned: scheduledActions,
  },
  { ...plain('compliancePolicy', 'Compliance Policies/Policies'), cleaned: scheduledActions },
  {
    ...plain('reusableSetting', 'Compliance Policies/Scripts'),
    when: { property: 'settingDefinitionId' },
  },
  {
    ...plain('complianceScript', 'Compliance Policies/Scripts'),
    scripts: [script('detectionScriptContent', 'displayName', '.ps1', '.ps1')],
  },
  {
    ...plain('notificationTemplate', 'Compliance Policies/Message Templates'),
    cleaned: [['localizedNotificationMessages']],
  },
  plain('administrativeTemplate', 'Group Policy Configurations'),
  {
    ...plain('powershellScript', 'Scripts/Powershell'),
    scripts: [script('scriptContent', 'fileName', '.ps1', '.ps1')],
  },
  {
    ...plain('shellScript', 'Scripts/Shell'),
    scripts: [script('scriptContent', 'fileName', '.sh', '.sh')],
  },
  {
    ...plain('customAttribute', 'Custom Attributes'),
    scripts: [script('scriptContent', 'fileName', '.sh', '.sh')],
  },
  {
    ...plain('remediation', 'Proactive Remediations'),
    scripts: [
      script('detectionScriptContent', 'displayName', '', '_detectionScript.ps1'),
      script('remediationScriptContent', 'displayName', '', '_remediationScript.ps1'),
    ],
  },
  plain('assignmentFilter', 'Filters'),
  plain('scopeTag', 'Scope Tags'),
  {
    ...plain('roleDefinition', 'Roles'),
    cleaned: [['roleAssignments']],
    dropped: [['permissions'], ['rolePermissions', 'actions']],
  },
  {
    ...plain('conditionalAccess', 'Conditional Access'),
    dropped: [['grantControls', 'authenticationStrength@odata.context']],
  },
  {
    ...plain('enrollmentConfiguration', 'Enrollment Profiles/Windows/ESP'),
    when: {
      property: '@odata.type',
      equals: `${graph}windows10EnrollmentCompletionPageConfiguration`,
    },
  },
  plain('enrollmentConfiguration', 'Enrollment Configurations'),
  plain('autopilotProfile', 'Enrollment Profiles/Windows'),
  {
    // IntuneCD names the folder after the template; a snapshot does not hold it.
    ...plain('endpointSecurityIntent', 'Management Intents'),
    subfolderBy: 'templateId',
    renamed: { settings: 'settingsDelta' },
    cleaned: [['settingsDelta']],
  },
  plain('windowsFeatureUpdate', 'Feature Updates'),
  plain('windowsQualityUpdateProfile', 'Quality Updates'),
  plain('windowsDriverUpdate', 'Driver Updates'),
  plain('deviceCategory', 'Device Categories'),
  plain('appConfigManagedDevice', 'App Configuration'),
  appProtection('iosAppProtection', 'iosManagedAppProtection'),
  appProtection('androidAppProtection', 'androidManagedAppProtection'),
  appProtection('windowsAppProtection', 'windowsManagedAppProtection'),
  appProtection('defaultAppProtection', 'defaultManagedAppProtection'),
  appProtection('mdmWindowsInformationProtection', 'mdmWindowsInformationProtectionPolicy'),
  appProtection('windowsInformationProtection', 'windowsInformationProtectionPolicy'),
  appProtection('appConfigManagedApp', 'targetedManagedAppConfiguration'),
];

/** Types unknown to IntuneCD, or written by it in pieces: each has its own folder under this one. */
export const ownFolder = 'Tenantry';

/** Folders of IntuneCD with objects that Tenantry does not back up. An import notes them as unsupported. */
export const foldersWithoutType: readonly string[] = [
  'Activation Lock Bypass Codes',
  'Apple Push Notification',
  'Apple VPP Tokens',
  'Applications',
  'Assignment Report',
  'Autopilot Devices',
  'Device Management Settings',
  'Enrollment Profiles/Apple',
  'Entra',
  'Managed Google Play',
  'Partner Connections',
];

/** Members that IntuneCD removes from every object. */
export const intuneCdRemoved: ReadonlySet<string> = new Set([
  'id',
  'version',
  'topicIdentifier',
  'certificate',
  'createdDateTime',
  'lastModifiedDateTime',
  'isAssigned',
  '@odata.context',
  'scheduledActionConfigurations@odata.context',
  'scheduledActionsForRule@odata.context',
  'sourceId',
  'supportsScopeTags',
  'companyCodes',
  'isGlobalScript',
  'highestAvailableVersion',
  'token',
  'lastSyncDateTime',
  'isReadOnly',
  'secretReferenceValueId',
  'isEncrypted',
  'modifiedDateTime',
  'deployedAppCount',
  'intunecd_name',
  'deviceHealthScriptType',
]);
