import type { AssignmentRule, ChildCollection, PolicyType } from './policy-type.ts';
import type { CreateRule, RestoreRule } from './restore-rule.ts';

/** Properties that Graph computes and refuses in every request body. */
const computedProperties: readonly string[] = [
  'id',
  'createdDateTime',
  'lastModifiedDateTime',
  'modifiedDateTime',
  'version',
  'isAssigned',
  'supportsScopeTags',
  'settingCount',
];

/** The common values of most types; an entry spreads them and states only its own. */
export const usual = {
  nameProperty: 'displayName',
  platform: { from: 'none' },
  foundation: false,
  item: { query: null },
  children: [],
  assignments: null,
  references: [],
  groupIds: [],
  diff: { pairBy: [], volatile: [] },
  secretMarkers: [],
} as const satisfies Partial<PolicyType>;

/** A new object is one POST. */
export const post: CreateRule = { by: 'post', withChildren: [] };

/** Deviations of a type from the usual rule. */
type Unusual = Partial<Omit<RestoreRule, 'stripOnCreate' | 'stripOnUpdate'>> & {
  /** Besides the properties that Graph refuses everywhere. */
  readonly strip?: readonly string[];
  /** Further ones for changes only. */
  readonly stripOnUpdate?: readonly string[];
};

/** Completes a type's restore rule from its deviations. */
export function restoredBy({ strip = [], stripOnUpdate = [], ...own }: Unusual = {}): RestoreRule {
  return {
    wave: 5,
    create: post,
    update: 'PATCH',
    stripInPlace: [],
    emptyWhenNull: [],
    referredTo: [],
    inPlaceWhen: null,
    guarded: null,
    steps: [],
    ...own,
    stripOnCreate: [...computedProperties, ...strip],
    stripOnUpdate: [...computedProperties, ...strip, ...stripOnUpdate],
  };
}

/** The assignment rule of most Intune types; `key` is the property of `/assign` for the set. */
export function assignedBy(key: string): AssignmentRule {
  return {
    path: 'assignments',
    expandInItem: true,
    expandInList: true,
    write: { by: 'assign', action: 'assign', key },
  };
}

/** The rule of a child that the item's read expands. */
export function expandedChild(
  name: string,
  unusual: Partial<ChildCollection> = {},
): ChildCollection {
  return { ...ownChild(name), expand: { clause: name, routable: true, inList: false }, ...unusual };
}

/** The rule of a child with a read of its own. */
export function ownChild(name: string, unusual: Partial<ChildCollection> = {}): ChildCollection {
  return {
    name,
    path: name,
    query: null,
    expand: null,
    shape: 'collection',
    when: null,
    countProperty: null,
    datesItem: false,
    each: [],
    ...unusual,
  };
}
