/**
 * One kind of Intune object, described as data. The code that lists and captures reads these fields and never
 * asks which type it has before it, so a new type is a new entry of the catalogue and nothing else.
 */
export interface PolicyType {
  /** The key used in the API and in rows. It is stored for ever: never rename one. */
  readonly type: string;
  readonly displayName: string;
  /** Graph's path of the collection, under the version. */
  readonly collection: string;
  readonly nameProperty: 'displayName' | 'name';
  readonly platform: PlatformRule;
  readonly list: ListRule;
  readonly item: {
    /** Query of the single read, without the question mark. Some content comes only when expanded. */
    readonly query: string | null;
  };
  readonly children: readonly ChildCollection[];
  /** Where the assignments are read, under the item; null for types that are never assigned. */
  readonly assignments: { readonly path: string } | null;
  readonly supports: { readonly capture: boolean; readonly restore: boolean };
  readonly secretMarkers: readonly SecretMarker[];
  /** The least application permission that reads this type; named when Graph answers 403. */
  readonly readPermission: string;
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
  /** Query of the list, without the question mark. */
  readonly query: string | null;
  /** Objects that Microsoft put there. They are counted as built in and not listed. */
  readonly builtInWhen: { readonly property: string; readonly equals: boolean } | null;
}

/** A collection under an item that has to be read by itself. */
export interface ChildCollection {
  /** The key of the collection in a snapshot's `children`. */
  readonly name: string;
  /** Path segment under the parent. */
  readonly path: string;
  readonly query: string | null;
  /** The property of the item that says how many elements there are, if Graph says so. */
  readonly countProperty: string | null;
  /** Collections read once for every element, by the element's id. */
  readonly each: readonly NestedCollection[];
}

interface NestedCollection {
  readonly name: string;
  readonly path: string;
  readonly query: string | null;
}

/** An object anywhere in a captured policy whose property has this value holds a secret that Graph withholds. */
export interface SecretMarker {
  readonly property: string;
  readonly equals: boolean | string;
}
