import type { JsonObject } from '../json/object.ts';
import type { Store } from '../store/store.ts';
import type { AssignAction } from './assign-action.ts';
import type { ChildCollection } from './child-collection.ts';
import type { Reference } from './reference.ts';

/** The tenant of an object, for values computed from other objects. */
export interface TenantView {
  readonly store: Store;
  readonly tenantId: string;
}

/** The service's message for a refusal; null for none. */
export type Refusal = string | null;

/** Storage inside other objects: the collection's objects are entries of a child collection. */
export interface Embedding {
  readonly holders: string;
  readonly child: string;
  /** The link from a new object to its holder, without `@odata.bind`. */
  readonly link: string;
}

/** The storage of a collection's objects. */
export interface Storage {
  /** The path for new objects. */
  readonly home: string;
  /** All paths of stored objects: a mixed collection and its typed views share objects. */
  readonly paths: readonly string[];
  /** The only type in a typed view; null for all types. */
  readonly odataType: string | null;
}

/** One collection of Graph, described as data by its differences from others. */
export interface CollectionType {
  /** The path below the version root. */
  readonly path: string;
  /** The entity type; for a polymorphic collection its base type. */
  readonly entity: string;
  /** True if objects contain `@odata.type` even without full metadata. */
  readonly polymorphic: boolean;
  readonly inV1: boolean;
  /** Properties missing in v1.0. */
  readonly v1Omits: readonly string[];
  readonly pageSize: number;
  /** The largest accepted `$top`. */
  readonly topMax: number;
  /** Properties missing in lists. */
  readonly listOmits: readonly string[];
  readonly children: readonly ChildCollection[];
  readonly assign: AssignAction | null;
  readonly createStatus: 200 | 201;
  readonly deleteStatus: 200 | 204;
  readonly update: { readonly method: 'PATCH' | 'PUT'; readonly status: 200 | 204 };
  readonly ids: 'guid' | 'number';
  /** Returns the id of a new object, made from a fresh GUID. */
  readonly idOf: (guid: string, body: JsonObject) => string;
  /** Ids chosen by clients: a PATCH of a missing one creates the object. */
  readonly chosenIds: RegExp | null;
  readonly embedded: Embedding | null;
  /** True if the children have paths and can be expanded. */
  readonly navigable: boolean;
  /** Navigations the service does not expand, in lists or alone. */
  readonly refusedExpands: readonly string[];
  /** Properties with null everywhere except at their own path. */
  readonly withheld: readonly string[];
  /** Enum members newer than `unknownFutureValue`, by property: only callers with the Prefer header get them. */
  readonly futureMembers: ReadonlyMap<string, readonly string[]>;
  /** Properties with a value fixed at creation. */
  readonly immutable: readonly string[];
  /** Properties refused in any PATCH, with any value. */
  readonly unpatchable: readonly string[];
  /** True for an abstract type: each write of a property not common to all derived types must name the type. */
  readonly abstract: boolean;
  /** The places of references to other objects, except scope tags and assignments. */
  readonly references: readonly Reference[];
  /** True if other objects may refer to a new one only after its replication lag. */
  readonly referableOnceReadable: boolean;
  /** The only properties accepted in a new object; null for no such rule. */
  readonly createdOnlyWith: readonly string[] | null;
  /** The property with a unique value per tenant. */
  readonly uniqueBy: string | null;
  /** The property with the object's scope tags. */
  readonly scopeTags: 'roleScopeTagIds' | 'roleScopeTags' | null;
  readonly dated: boolean;
  readonly versioned: boolean;
  /** True if the list supports `$filter`. */
  readonly filterable: boolean;
  readonly expandableInList: boolean;
  /** The service behind the collection, for its errors and limits. */
  readonly service: 'intune' | 'directory' | 'policy';
  /** Actions besides `assign`, by segment name. */
  readonly actions: readonly string[];
  readonly storage: Storage;
  /** Objects without storage: built in, or computed from other parts of the tenant. */
  readonly derived: (tenant: TenantView) => readonly JsonObject[];
  /** Adds computed properties and masks secrets. */
  readonly present: (body: JsonObject) => JsonObject;
  /** Adds members of the answers to a single object and to its children. */
  readonly presentAlone: (body: JsonObject, tenant: TenantView) => JsonObject;
  readonly checkCreate: (body: JsonObject, tenant: TenantView) => Refusal;
  /** Restores values the service remembers in a replacement or change. */
  readonly recalled: (body: JsonObject, stored: JsonObject) => JsonObject;
  readonly checkUpdate: (given: JsonObject, stored: JsonObject) => Refusal;
  /** Returns the reason to refuse writing assignments. */
  readonly checkAssign: (stored: JsonObject) => Refusal;
  /** Returns the reason to refuse an object after an entry or action changed its children. */
  readonly checkBelow: (changed: JsonObject) => Refusal;
  /** Adds the service's own properties to a new object. */
  readonly initial: (body: JsonObject, tenant: TenantView) => JsonObject;
  /** Returns the reason to refuse a new entry of a child collection. */
  readonly checkEntry: (
    stored: JsonObject,
    child: string,
    entry: JsonObject,
    tenant: TenantView,
  ) => Refusal;
  /** Updates the object after a write to an entry. */
  readonly afterEntry: (body: JsonObject, child: string, entry: JsonObject) => JsonObject;
  /** Converts an object or part of it, written through Graph, to its stored form. */
  readonly written: (body: JsonObject) => JsonObject;
  /** Converts an entry of a child collection likewise. */
  readonly writtenEntry: (child: string, entry: JsonObject, tenant: TenantView) => JsonObject;
  /** Records further state after storing an object. */
  readonly stored: (body: JsonObject, tenant: TenantView) => void;
  /** Returns the reason to refuse a deletion. */
  readonly checkDelete: (stored: JsonObject, tenant: TenantView) => Refusal;
}

/** Common values of most Intune collections. */
const usual: Omit<CollectionType, 'path' | 'entity' | 'storage'> = {
  polymorphic: false,
  inV1: false,
  v1Omits: ['roleScopeTagIds'],
  pageSize: 100,
  topMax: 1000,
  listOmits: [],
  children: [],
  assign: null,
  createStatus: 201,
  // Intune's documentation says 204 for deletions; the service answers 200, and clients insist on it.
  deleteStatus: 200,
  update: { method: 'PATCH', status: 200 },
  ids: 'guid',
  idOf: (guid) => guid,
  chosenIds: null,
  embedded: null,
  navigable: true,
  refusedExpands: [],
  withheld: [],
  futureMembers: new Map(),
  immutable: [],
  unpatchable: [],
  abstract: false,
  references: [],
  referableOnceReadable: false,
  createdOnlyWith: null,
  uniqueBy: null,
  scopeTags: 'roleScopeTagIds',
  dated: true,
  versioned: false,
  filterable: true,
  expandableInList: true,
  service: 'intune',
  actions: [],
  derived: () => [],
  present: (body) => body,
  presentAlone: (body) => body,
  checkCreate: () => null,
  recalled: (body) => body,
  checkUpdate: () => null,
  checkAssign: () => null,
  checkBelow: () => null,
  initial: (body) => body,
  checkEntry: () => null,
  afterEntry: (body) => body,
  written: (body) => body,
  writtenEntry: (_child, entry) => entry,
  stored: () => undefined,
  checkDelete: () => null,
};

/** Creates a collection's entry from its path, its entity type, and its differences from the usual. */
export function collection(
  path: string,
  entity: string,
  unusual: Partial<CollectionType> = {},
): CollectionType {
  return {
    ...usual,
    path,
    entity,
    storage: { home: path, paths: [path], odataType: null },
    ...unusual,
  };
}

/** Creates a typed view of a mixed collection: it shows one type, and writes need not name the type. */
export function typedView(
  path: string,
  mixed: CollectionType,
  entity: string,
  unusual: Partial<CollectionType> = {},
): CollectionType {
  return {
    ...mixed,
    path,
    entity,
    polymorphic: false,
    storage: {
      home: path,
      paths: mixed.storage.paths,
      odataType: `#microsoft.graph.${entity}`,
    },
    ...unusual,
  };
}
