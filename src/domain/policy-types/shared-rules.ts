import type { AssignmentRule, ChildCollection, PolicyType } from './policy-type.ts';
import type { CreateRule, RestoreRule } from './restore-rule.ts';

/** What Graph computes and refuses in every body that is sent to it. */
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

/** What most types have in common; an entry spreads it and says what is its own. */
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

/** What `restoredBy` is told; what is left out is as usual. */
type Unusual = Partial<Omit<RestoreRule, 'stripOnCreate' | 'stripOnUpdate'>> & {
  /** Besides what Graph refuses everywhere. */
  readonly strip?: readonly string[];
  /** Besides that, in a change alone. */
  readonly stripOnUpdate?: readonly string[];
};

/** Takes what is unusual in writing a type back, and returns the whole rule. */
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

/** Takes the property under which `/assign` wants the set, and returns the rule of most of Intune's types. */
export function assignedBy(key: string): AssignmentRule {
  return {
    path: 'assignments',
    expandInItem: true,
    expandInList: true,
    write: { by: 'assign', action: 'assign', key },
  };
}

/** Takes the name of a navigation that the read of the item expands, and returns the rule of that child. */
export function expandedChild(
  name: string,
  unusual: Partial<ChildCollection> = {},
): ChildCollection {
  return { ...ownChild(name), expand: { clause: name, routable: true, inList: false }, ...unusual };
}

/** Takes the name of a navigation that has to be read by itself, and returns the rule of that child. */
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
