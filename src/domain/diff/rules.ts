import type { SecretMarker } from '../policy-types/policy-type.ts';
import type { Nested } from './fold-nested.ts';

/** How the elements of a list are identified. */
export interface PairRule {
  /**
   * Names of members that lead to the list, joined by dots, steps into elements left out: `children.settings`.
   * It fits every list whose names end so.
   */
  readonly path: string;
  /** Paths from an element to what identifies it. Through a list, all of its elements together do. */
  readonly keys: readonly string[];
}

/** What a diff has to know of a policy type. */
export interface DiffRules {
  readonly pairBy: readonly PairRule[];
  /** Members left out: names from the document down, joined by dots; `*` stands for any one name. */
  readonly volatile: readonly string[];
  readonly secretMarkers: readonly SecretMarker[];
  readonly nested: readonly Nested[];
}

const filter = 'target.deviceAndAppManagementAssignmentFilter';

/** Lists that are the same wherever they occur. */
const sharedPairs: readonly PairRule[] = [
  {
    path: 'assignments',
    keys: ['target.@odata.type', 'target.groupId', `${filter}Id`, `${filter}Type`, 'intent'],
  },
  { path: 'children.settings', keys: ['settingInstance.settingDefinitionId', 'definitionId'] },
  { path: 'groupSettingCollectionValue', keys: ['children.settingDefinitionId'] },
  { path: 'choiceSettingCollectionValue', keys: ['value'] },
  { path: 'simpleSettingCollectionValue', keys: ['value'] },
  { path: 'children', keys: ['settingDefinitionId'] },
  { path: 'children.definitionValues', keys: ['definition.id'] },
  { path: 'presentationValues', keys: ['presentation.id'] },
  { path: 'omaSettings', keys: ['omaUri'] },
  { path: 'localizedNotificationMessages', keys: ['locale'] },
  { path: 'scheduledActionsForRule', keys: ['ruleName'] },
  { path: 'scheduledActionConfigurations', keys: ['actionType', 'gracePeriodHours'] },
];

/** What Graph changes by itself, or what is the policy's address and not its content. */
const sharedVolatile: readonly string[] = [
  'item.id',
  'item.createdDateTime',
  'item.lastModifiedDateTime',
  'item.modifiedDateTime',
  'item.version',
  'item.isAssigned',
  'item.supportsScopeTags',
  'item.settingCount',
  'children.*.id',
  'children.*.createdDateTime',
  'children.*.lastModifiedDateTime',
  'children.*.presentationValues.id',
  'children.*.presentationValues.createdDateTime',
  'children.*.presentationValues.lastModifiedDateTime',
  'assignments.id',
];

const sharedSecrets: readonly SecretMarker[] = [{ property: 'isEncrypted', equals: true }];

/** Takes a type's own rules and returns them with those that hold for every type; its own come first. */
export function withSharedRules(own: DiffRules): DiffRules {
  return {
    pairBy: [...own.pairBy, ...sharedPairs],
    volatile: [...own.volatile, ...sharedVolatile],
    secretMarkers: [...own.secretMarkers, ...sharedSecrets],
    nested: own.nested,
  };
}

/** The names of a dotted path. An annotation has a dot of its own, and is always the last. */
export function pathNames(path: string): string[] {
  const at = path.indexOf('@');
  const plain = (at === -1 ? path : path.slice(0, at)).split('.').filter((name) => name !== '');
  return at === -1 ? plain : [...plain, path.slice(at)];
}
