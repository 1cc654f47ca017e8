import type { PropertyEquals } from './property-equals.ts';
import type { RestoreRule } from './restore-rule.ts';

/**
 * One kind of Intune object, described as data. The code for listing, capture, diff and restore reads these fields and
 * never asks for the type, so a new type is a new entry and nothing else.
 */
export interface PolicyType {
  /** The key in the API and in rows. Rows keep it for ever: never rename one. */
  readonly type: string;
  readonly displayName: string;
  /** Graph's path of the collection, under the version. */
  readonly collection: string;
  readonly nameProperty: 'displayName' | 'name' | 'profileName' | 'fileName' | 'tokenName';
  readonly platform: PlatformRule;
  /** True if other policies build on it. A backup of those includes it if the caller asks for foundations. */
  readonly foundation: boolean;
  readonly list: ListRule;
  readonly item: {
    /** Query of the single read besides its expansions, without the question mark. */
    readonly query: string | null;
  };
  readonly children: readonly ChildCollection[];
  /** Reads and writes of the assignments; null for types without assignments, or with groups inside the policy. */
  readonly assignments: AssignmentRule | null;
  /** References to other policies. Scope tags and filters are the same everywhere and not repeated here. */
  readonly references: readonly ReferenceRule[];
  /** Places of group ids besides the assignments: paths as in {@link ReferenceRule}. */
  readonly groupIds: readonly GroupIdRule[];
  readonly incremental: IncrementalRule;
  readonly diff: DiffRule;
  /** Writes of a captured policy; null if Graph offers no way. `docs/policy-types.md` gives the reason. */
  readonly restore: RestoreRule | null;
  readonly secretMarkers: readonly SecretMarker[];
  /** The least application permission for reads; named if Graph answers 403. */
  readonly readPermission: string;
  /** The least application permission for writes. */
  readonly writePermission: string;
}

/** The source of the shown platform: Graph has no common property for it. */
export type PlatformRule =
  | { readonly from: 'property'; readonly property: string }
  | { readonly from: 'odataType'; readonly prefixes: readonly OdataTypePrefix[] }
  | { readonly from: 'constant'; readonly platform: string }
  | { readonly from: 'none' };

export interface OdataTypePrefix {
  /** The start of the type's name after `#microsoft.graph.`. The first matching prefix decides. */
  readonly prefix: string;
  readonly platform: string;
}

interface ListRule {
  /** Query of the list besides its expansions, without the question mark. */
  readonly query: string | null;
  /** Microsoft's own objects. They count as built in and are not listed. */
  readonly builtInWhen: PropertyEquals | null;
}

/** A collection, or a single object, under an item. It becomes a member of a snapshot's `children`. */
export interface ChildCollection {
  /** The key in a snapshot's `children`. */
  readonly name: string;
  /** Path under the item. It may begin with the cast of a derived type. */
  readonly path: string;
  /** Query of its own read. */
  readonly query: string | null;
  /** Expansion in the item's read; null if the child needs its own read. */
  readonly expand: ChildExpansion | null;
  /** The path of an `object` holds at most one. */
  readonly shape: 'collection' | 'object';
  /** Only items that fulfil the condition have the child; null for all. */
  readonly when: PropertyEquals | null;
  /** The item's property with the number of elements, if Graph has one. */
  readonly countProperty: string | null;
  /** True if a change of the child also changes the item's times and version. */
  readonly datesItem: boolean;
  /** Collections or objects with one read per element, by the element's id. */
  readonly each: readonly NestedCollection[];
}

export interface ChildExpansion {
  /** The entry of `$expand`. */
  readonly clause: string;
  /** True if Graph also answers at the child's own path, for a second look at a doubtful expansion. */
  readonly routable: boolean;
  /** True if lists expand it, too. It then belongs to an entry's revision. */
  readonly inList: boolean;
}

export interface NestedCollection {
  readonly name: string;
  /** Path under the element, or from the root with `{id}` for the element's id. */
  readonly path: string;
  readonly query: string | null;
  readonly shape: 'collection' | 'object';
}

export interface AssignmentRule {
  /** Path of the collection under the item. */
  readonly path: string;
  /** True if the single read accepts `$expand=assignments`. */
  readonly expandInItem: boolean;
  /** True if the list does. */
  readonly expandInList: boolean;
  readonly write: AssignmentWrite;
}

export type AssignmentWrite =
  /** `POST {item}/{action}` with the whole set under `key`. */
  | { readonly by: 'assign'; readonly action: string; readonly key: string }
  /** `POST {item}/assignments` and `DELETE {item}/assignments/{id}`, one at a time. */
  | { readonly by: 'each' }
  /** `POST {item}/update`, the set's items and assignments together. */
  | { readonly by: 'policySetUpdate' }
  /** Graph offers no way, or the type is not restored. */
  | { readonly by: 'none' };

/**
 * The place of another policy's id. `within` names the objects that hold it: `anywhere`, or the names on the way from
 * the snapshot's root, joined by dots, without steps into elements, as in
 * `children.scheduledActionsForRule.scheduledActionConfigurations`; `*` stands for any one name.
 */
export interface ReferenceRule {
  readonly within: string;
  /** Only in objects that fulfil the condition; null for all. */
  readonly when: PropertyEquals | null;
  /** The property with the id, or with an array of ids; names joined by dots lead into objects inside it. */
  readonly property: string;
  /** Possible prefixes of the id, as in Intune's `Email_{id}`; the first match is cut off. */
  readonly prefixes: readonly string[];
  readonly policyType: string;
}

export interface GroupIdRule {
  readonly within: string;
  /** The property with the id, or with an array of ids. Words such as `All` name no group. */
  readonly property: string;
  readonly kind: 'group' | 'user';
  /** For an id without a counterpart in the tenant. An id that narrows the reach of the policy must block. */
  readonly whenUnmapped: 'leaveOut' | 'block';
}

/** The evidence of a change in a list's entry. Without a change the policy is not read again. */
export type IncrementalRule =
  /** These properties change with every change of the content. The first is a time and must be present. */
  | { readonly by: 'properties'; readonly properties: readonly string[]; readonly reason: string }
  /** The list returns the whole policy. */
  | { readonly by: 'wholeEntry'; readonly reason: string }
  /** The list contains no proof of a change. */
  | { readonly by: 'alwaysRead'; readonly reason: string };

/** The type's own rules for diffs, besides the shared ones of `diff/rules.ts`, which also defines the paths. */
interface DiffRule {
  readonly volatile: readonly string[];
  readonly pairBy: readonly { readonly path: string; readonly keys: readonly string[] }[];
}

/** An object anywhere in a policy with this property value holds a secret that Graph withholds. */
export interface SecretMarker {
  readonly property: string;
  readonly equals: boolean | string;
}
