import { findPolicyType } from '#domain/policy-types/catalogue.ts';
import type { PolicyType, SecretMarker } from '#domain/policy-types/policy-type.ts';
import type { Nested } from './fold-nested.ts';

/** The identity of elements of a list. */
interface PairRule {
  /**
   * Names of members on the way to the list, joined by dots, without steps into elements: `children.settings`. The rule
   * fits every list whose names end so.
   */
  readonly path: string;
  /** Paths from an element to its identity. A path through a list takes all elements of the list together. */
  readonly keys: readonly string[];
}

/** The diff's rules for a policy type. */
export interface DiffRules {
  readonly pairBy: readonly PairRule[];
  /** Ignored members: names from the document down, joined by dots; `*` stands for any one name. */
  readonly volatile: readonly string[];
  /** Members that are content although a `volatile` path fits them. */
  readonly kept: readonly string[];
  readonly secretMarkers: readonly SecretMarker[];
  readonly nested: readonly Nested[];
}

const filter = 'target.deviceAndAppManagementAssignmentFilter';

/** Lists with the same identity in every type. */
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

/** The address and the dates of an object are no content, in every object with an address in Graph. */
const volatileOfObjects: readonly string[] = [
  'id',
  'createdDateTime',
  'lastModifiedDateTime',
  'modifiedDateTime',
];

/** Properties that Graph itself changes in any policy. */
const volatileOfItems: readonly string[] = [
  'version',
  'isAssigned',
  'supportsScopeTags',
  'settingCount',
];

const innerIds: readonly string[] = [
  'children.scheduledActionsForRule.scheduledActionConfigurations.id',
  'item.scheduledActionsForRule.scheduledActionConfigurations.id',
  'item.scheduledActionsForRule.id',
];

const sharedSecrets: readonly SecretMarker[] = [{ property: 'isEncrypted', equals: true }];

/** The rules for a policy type's snapshots; an unknown type has the shared rules. */
export function diffRulesOf(type: string): DiffRules {
  const policyType = findPolicyType(type);
  const { pairBy, volatile } = policyType?.diff ?? { pairBy: [], volatile: [] };
  const children = policyType?.children ?? [];
  const pairedById = pairBy.filter(({ keys }) => keys.includes('id')).map(({ path }) => path);
  // A child with the shape of one object is another policy that this policy points to.
  const pointers = children.flatMap(({ name, shape }) =>
    shape === 'object' ? [`children.${name}`] : [],
  );
  const others = otherPolicies(policyType?.restore ?? null);
  return withSharedRules({
    pairBy: [...pairBy, ...others.map((path) => ({ path, keys: ['id'] }))],
    volatile: [...volatile, ...others.map((path) => `${path}.*`)],
    kept: [...pairedById, ...pointers, ...others].map((path) => `${path}.id`),
    nested: nestedOf(children),
    secretMarkers: policyType?.secretMarkers ?? [],
  });
}

/** Places in which Graph shows another policy instead of a reference. The id belongs to this policy; the rest does not. */
function otherPolicies(restore: PolicyType['restore']): string[] {
  if (restore === null) return [];
  const links = restore.steps.flatMap((step) => (step.step === 'links' ? step.children : []));
  return [
    ...links.map((child) => `children.${child}`),
    ...restore.referredTo.map((path) => `item.${path}`),
  ];
}

function nestedOf(children: PolicyType['children']): Nested[] {
  return children.flatMap(({ name: child, each }) => each.map(({ name }) => ({ child, name })));
}

/**
 * Adds the rules that hold for every type after the type's own. A bare name in `volatile` means that property of every
 * object with an address in Graph: the item, the elements of its collections, its assignments. Deeper down the same
 * word may be a setting.
 */
export function withSharedRules(own: DiffRules): DiffRules {
  const addressed = ['children.*', 'assignments', ...own.nested.map(nestedPath)];
  const bare = own.volatile.filter((name) => !name.includes('.'));
  const everywhere = [...volatileOfObjects, ...bare];
  return {
    ...own,
    pairBy: [...own.pairBy, ...sharedPairs],
    volatile: [
      ...own.volatile.filter((name) => name.includes('.')),
      ...[...everywhere, ...volatileOfItems].map((name) => `item.${name}`),
      ...addressed.flatMap((path) => everywhere.map((name) => `${path}.${name}`)),
      ...innerIds,
    ],
    secretMarkers: [...own.secretMarkers, ...sharedSecrets],
  };
}

const nestedPath = ({ child, name }: Nested) => `children.${child}.${name}`;

/** The names of a dotted path, without the brackets of lists. An annotation contains a dot itself and is always last. */
export function pathNames(path: string): string[] {
  const at = path.indexOf('@');
  const plain = (at === -1 ? path : path.slice(0, at))
    .split(/[.[\]]+/)
    .filter((name) => name !== '');
  return at === -1 ? plain : [...plain, path.slice(at)];
}
