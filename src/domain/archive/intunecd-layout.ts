/** Where IntuneCD 2.6 writes the policies of a type, what it calls the files, and what it leaves out of them. */
export interface IntuneCdRule {
  readonly type: string;
  readonly folder: string;
  /** The property that names the folder in `folder`. */
  readonly subfolderBy?: string;
  /** Of which files in the folder, or items of the type, the rule speaks; all that no rule before it does, if absent. */
  readonly when?: { readonly property: string; readonly equals?: string };
  /** What follows the name: the type that Graph gives, or else the technologies; or of the technologies the last. */
  readonly suffix: 'configType' | 'lastTechnology';
  /** The item's `@odata.type`, where Graph leaves it out because the address tells it. IntuneCD reads a mixed list. */
  readonly odataType?: string;
  /** Children that have another name in the file. */
  readonly renamed?: Readonly<Record<string, string>>;
  /** Names that lead to lists whose elements lose what the item loses. */
  readonly cleaned?: readonly (readonly string[])[];
  /** Names that lead to members that are left out. */
  readonly dropped?: readonly (readonly string[])[];
  readonly scripts?: readonly ScriptRule[];
}

/** A property in base64 that is written out beside the policy, too, for people to read. */
export interface ScriptRule {
  readonly property: string;
  readonly folder: 'Script Data' | 'mobileconfig';
  /** The property with the file's name, what is cut out of it, and what follows. */
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

/** Rules of one folder stand in the order in which they are tried. */
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
    // IntuneCD names the folder after the template, which a snapshot does not hold.
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

/** Types that IntuneCD does not know, or writes in pieces: each has a folder of its own under this one. */
export const ownFolder = 'Tenantry';

/** Folders of IntuneCD whose objects Tenantry does not keep. An import notes them as unsupported. */
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

/** What IntuneCD takes out of every object that it writes. */
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
