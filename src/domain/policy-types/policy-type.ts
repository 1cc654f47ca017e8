import type { PropertyEquals } from './property-equals.ts';
import type { RestoreRule } from './restore-rule.ts';

/**
 * One kind of Intune object, described as data. The code that lists, captures, compares and restores reads these
 * fields and never asks which type it has before it, so a new type is a new entry of the catalogue and nothing else.
 */
export interface PolicyType {
  /** The key used in the API and in rows. It is stored for ever: never rename one. */
  readonly type: string;
  readonly displayName: string;
  /** Graph's path of the collection, under the version. */
  readonly collection: string;
  readonly nameProperty: 'displayName' | 'name' | 'profileName' | 'fileName' | 'tokenName';
  readonly platform: PlatformRule;
  /** Whether other policies stand on it, so that a backup of them takes it along when foundations are asked for. */
  readonly foundation: boolean;
  readonly list: ListRule;
  readonly item: {
    /** Query of the single read besides its expansions, without the question mark. */
    readonly query: string | null;
  };
  readonly children: readonly ChildCollection[];
  /** How the policy's assignments are read and written; null for what is never assigned, or names its groups itself. */
  readonly assignments: AssignmentRule | null;
  /** Which other policies a policy points to. Scope tags and filters are the same everywhere and not repeated here. */
  readonly references: readonly ReferenceRule[];
  /** Where ids of groups stand, apart from the assignments: paths as in {@link ReferenceRule}. */
  readonly groupIds: readonly GroupIdRule[];
  readonly incremental: IncrementalRule;
  readonly diff: DiffRule;
  /** How a captured policy is written back; null where Graph offers no way, and `docs/policy-types.md` says why. */
  readonly restore: RestoreRule | null;
  readonly secretMarkers: readonly SecretMarker[];
  /** The least application permission that reads this type; named when Graph answers 403. */
  readonly readPermission: string;
  /** The least application permission that writes it. */
  readonly writePermission: string;
}

/** How the platform shown for a policy is found: Graph has no property for it that all types share. */
export type PlatformRule =
  | { readonly from: 'property'; readonly property: string }
  | { readonly from: 'odataType'; readonly prefixes: readonly OdataTypePrefix[] }
  | { readonly from: 'constant'; readonly platform: string }
  | { readonly from: 'none' };

export interface OdataTypePrefix {
  /** The start of the type's name after `#microsoft.graph.`. The first prefix that fits decides. */
  readonly prefix: string;
  readonly platform: string;
}

interface ListRule {
  /** Query of the list besides its expansions, without the question mark. */
  readonly query: string | null;
  /** Objects that Microsoft put there. They are counted as built in and not listed. */
  readonly builtInWhen: PropertyEquals | null;
}

/** A collection, or a single object, under an item. It becomes a member of a snapshot's `children`. */
export interface ChildCollection {
  /** The key in a snapshot's `children`. */
  readonly name: string;
  /** Path under the item. It may begin with the cast of a derived type. */
  readonly path: string;
  /** Query of a read of its own. */
  readonly query: string | null;
  /** How the read of the item brings it along; null where it has to be read by itself. */
  readonly expand: ChildExpansion | null;
  /** At the path of an `object` there is one, or none. */
  readonly shape: 'collection' | 'object';
  /** Only items of which this holds have it; null for all. */
  readonly when: PropertyEquals | null;
  /** The property of the item that says how many elements there are, if Graph says so. */
  readonly countProperty: string | null;
  /** Whether a change of it changes the item's own times and version, too. */
  readonly datesItem: boolean;
  /** Collections or objects read once for every element, by the element's id. */
  readonly each: readonly NestedCollection[];
}

export interface ChildExpansion {
  /** The entry of `$expand`. */
  readonly clause: string;
  /** Whether Graph answers at the child's own path as well, for a second look at an expansion that is doubted. */
  readonly routable: boolean;
  /** Whether lists expand it too. Then it is part of an entry's revision. */
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
  /** Whether the single read takes `$expand=assignments`. */
  readonly expandInItem: boolean;
  /** Whether the list does. */
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
  /** Graph has no way, or the type is not restored. */
  | { readonly by: 'none' };

/**
 * Where the id of another policy stands. `within` names the objects that hold it: `anywhere`, or the names that lead
 * there from the snapshot's root, joined by dots, steps into elements left out, as in
 * `children.scheduledActionsForRule.scheduledActionConfigurations`; `*` stands for any one name.
 */
export interface ReferenceRule {
  readonly within: string;
  /** Only in objects of which this holds; null for all. */
  readonly when: PropertyEquals | null;
  /** The property with the id, or with an array of ids; names joined by dots lead into the objects in it. */
  readonly property: string;
  /** What stands before the id, in Intune's `Email_{id}`; the first that fits is cut off. */
  readonly prefixes: readonly string[];
  readonly policyType: string;
}

export interface GroupIdRule {
  readonly within: string;
  /** The property with the id, or with an array of ids. Words such as `All` stand for nobody in particular. */
  readonly property: string;
  readonly kind: 'group' | 'user';
  /** In a tenant where nothing stands for it: an id that narrows whom the policy reaches must not be left out. */
  readonly whenUnmapped: 'leaveOut' | 'block';
}

/** What of an entry in a list tells that the policy has changed, so that an unchanged one is not read again. */
export type IncrementalRule =
  /** These properties change with every change of the content. The first is a time and has to be there. */
  | { readonly by: 'properties'; readonly properties: readonly string[]; readonly reason: string }
  /** The list gives the whole policy. */
  | { readonly by: 'wholeEntry'; readonly reason: string }
  /** Nothing in the list tells for certain. */
  | { readonly by: 'alwaysRead'; readonly reason: string };

/** What a diff has to know beside the rules that hold for all types (`diff/rules.ts`, which also says how paths go). */
interface DiffRule {
  readonly volatile: readonly string[];
  readonly pairBy: readonly { readonly path: string; readonly keys: readonly string[] }[];
}

/** An object anywhere in a captured policy whose property has this value holds a secret that Graph withholds. */
export interface SecretMarker {
  readonly property: string;
  readonly equals: boolean | string;
}
