import type { SeededRandom } from '#test/support/generated/seeded-random.ts';
import { isRecord } from './canonical.ts';

/** Members that no administrator changes in an existing object: identity, kind, and computed ones. */
const fixedEverywhere = new Set([
  ...['id', 'version', 'createdDateTime', 'lastModifiedDateTime', 'modifiedDateTime', 'priority'],
  ...['platform', 'platformType', 'platforms', 'technologies', 'templateId', 'policyType'],
  ...['requirementsSatisfied', 'deviceEnrollmentConfigurationType', 'defaultLocale', 'state'],
  ...[
    'customAttributeName',
    'customAttributeType',
    'endOfSupportDate',
    'permissions',
    'assignments',
  ],
  ...['deployableContentDisplayName', 'releaseDateDisplayName', 'newUpdates', 'deviceReporting'],
  ...['inventorySyncStatus', 'isGlobalScript', 'highestAvailableVersion', 'isAssigned'],
  ...['deviceHealthScriptType', 'supportsScopeTags', 'settingCount', 'creationSource'],
  ...['priorityMetaData', 'isBuiltIn', 'isBuiltInRoleDefinition', 'isDefaultProfile'],
  ...['profileName', 'profileDescription', 'disableClientTelemetry', 'deployedAppCount'],
  ...['status', 'errorCode', 'policyConfigurationIngestionType', 'settingDefinitionId'],
  ...['isMigratingToConfigurationPolicy', 'referencingConfigurationPolicyCount', 'appGroupType'],
  ...['managementServiceAppId', 'preSharedKey', 'productKey', 'locale', 'isDefault', 'source'],
  ...['qualityUpdatesPauseStartDate', 'featureUpdatesPauseStartDate', 'definitionId', 'actionType'],
  ...['qualityUpdatesWillBeRolledBack', 'featureUpdatesWillBeRolledBack', 'sourceId'],
  ...['installLatestWindows10OnWindows11IneligibleDevice', 'notificationTemplateId', 'payloadId'],
  ...['omaUri', 'isEncrypted', 'valueState', 'assignmentFilterManagementType', 'itemType'],
  ...['configurationType', 'ruleName', 'authenticationStrength', 'templateReference'],
  ...['definition', 'presentation', 'mobileAppIdentifier', 'roleScopeTags'],
]);
const secretType = '#microsoft.graph.deviceManagementConfigurationSecretSettingValue';

/**
 * Changes a property of an object, or returns null if none can be changed: a plain value differs, a list of plain
 * values loses its first, and an object has a changed member.
 */
export function changedProperty(
  body: Readonly<Record<string, unknown>>,
  fixed: readonly string[],
  random: SeededRandom,
): Record<string, unknown> | null {
  if (body['@odata.type'] === secretType) return null;
  const changes = Object.entries(body)
    .filter(([name]) => !fixedEverywhere.has(name) && !fixed.includes(name))
    .filter(([name]) => !name.includes('@odata.'))
    // Every object has a scope tag.
    .filter(([name, value]) => name !== 'roleScopeTagIds' || String(value).includes(','))
    .map(([name, value]) => [name, changedValue(value, random)] as const)
    .filter(([, value]) => value !== undefined);
  const [name, value] = changes[random.below(changes.length)] ?? [];
  return name === undefined ? null : { [name]: value };
}

/** An entry of a child collection with one changed member; undefined if it has none to change. */
export function changedEntry(entry: unknown, random: SeededRandom): unknown {
  if (!isRecord(entry)) return undefined;
  const { id: _id, ...said } = entry;
  const own = changedProperty(said, ['displayName'], random);
  if (own !== null) return { ...entry, ...own };
  for (const [name, member] of Object.entries(said)) {
    if (!Array.isArray(member) || fixedEverywhere.has(name)) continue;
    const at = member.findIndex((each) => changedEntry(each, random) !== undefined);
    if (at !== -1) return { ...entry, [name]: member.with(at, changedEntry(member[at], random)) };
  }
  return undefined;
}

function changedValue(value: unknown, random: SeededRandom): unknown {
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'number') return value + 1;
  if (typeof value === 'string') return `${value} (changed)`;
  if (Array.isArray(value)) {
    const isPlain = value.length > 0 && value.every((each) => typeof each === 'string');
    return isPlain ? value.slice(1) : undefined;
  }
  if (!isRecord(value)) return undefined;
  const inner = changedProperty(value, [], random);
  return inner === null ? undefined : { ...value, ...inner };
}
