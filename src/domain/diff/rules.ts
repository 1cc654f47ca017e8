import { findPolicyType } from '#domain/policy-types/catalogue.ts';
import type { PolicyType, SecretMarker } from '#domain/policy-types/policy-type.ts';
import type { Nested } from './fold-nested.ts';

/** How the elements of a list are identified. */
interface PairRule {
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
  /** Members that are content although `volatile` fits them. */
  readonly kept: readonly string[];
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

/** Of every object that Graph gives an address of its own, the address is no content. */
const volatileOfObjects: readonly string[] = [
  'id',
  'createdDateTime',
  'lastModifiedDateTime',
  'modifiedDateTime',
];

/** What Graph changes by itself in any policy. */
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

/** Takes the key of a policy type and returns how its snapshots are compared; types that are no more have the shared rules. */
export function diffRulesOf(type: string): DiffRules {
  const policyType = findPolicyType(type);
  const { pairBy, volatile } = policyType?.diff ?? { pairBy: [], volatile: [] };
  const children = policyType?.children ?? [];
  const pairedById = pairBy.filter(({ keys }) => keys.includes('id')).map(({ path }) => path);
  // A child that is one object is another policy that this one points to.
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

/** Where Graph shows another policy in the place of a reference: which one it is, is of this policy; the rest is not. */
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
 * Takes a type's own rules and returns them with those that hold for every type; its own come first. In its `volatile`
 * a bare name means that property of the objects that Graph gives an address: the item, the elements of its
 * collections, its assignments. Deeper down the same word may be a setting.
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

/** The names of a dotted path, brackets of lists left out. An annotation has a dot of its own, and is always the last. */
export function pathNames(path: string): string[] {
  const at = path.indexOf('@');
  const plain = (at === -1 ? path : path.slice(0, at))
    .split(/[.[\]]+/)
    .filter((name) => name !== '');
  return at === -1 ? plain : [...plain, path.slice(at)];
}
