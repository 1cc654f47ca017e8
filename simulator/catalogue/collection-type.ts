import type { JsonObject } from '../json/object.ts';
import type { Store } from '../store/store.ts';
import type { AssignAction } from './assign-action.ts';
import type { ChildCollection } from './child-collection.ts';
import type { Reference } from './reference.ts';

/** The tenant that an object belongs to, for what is computed from its neighbours. */
export interface TenantView {
  readonly store: Store;
  readonly tenantId: string;
}

/** A reason of the service's to refuse something, in its words; null if there is none. */
export type Refusal = string | null;

/** Where the objects of a collection are kept when they are entries of a child collection of other objects. */
export interface Embedding {
  readonly holders: string;
  readonly child: string;
  /** The link by which a new object names its holder, without `@odata.bind`. */
  readonly link: string;
}

/** Where the objects of a collection are kept. */
export interface Storage {
  /** Where new ones go. */
  readonly home: string;
  /** Where they may lie: a mixed collection and its typed views show one another's objects. */
  readonly paths: readonly string[];
  /** The type that a typed view shows; null for whatever lies there. */
  readonly odataType: string | null;
}

/** One collection of Graph: everything by which it differs from the others is data here. */
export interface CollectionType {
  /** The path under the version root. */
  readonly path: string;
  /** The name of the entity type; for a polymorphic collection that of the base type. */
  readonly entity: string;
  /** Whether the objects carry `@odata.type` without being asked for full metadata. */
  readonly polymorphic: boolean;
  readonly inV1: boolean;
  /** Properties that v1.0 does not know. */
  readonly v1Omits: readonly string[];
  readonly pageSize: number;
  /** The largest `$top` that is honoured. */
  readonly topMax: number;
  /** Properties that only the GET of one object gives. */
  readonly listOmits: readonly string[];
  readonly children: readonly ChildCollection[];
  readonly assign: AssignAction | null;
  readonly createStatus: 200 | 201;
  readonly deleteStatus: 200 | 204;
  readonly update: { readonly method: 'PATCH' | 'PUT'; readonly status: 200 | 204 };
  readonly ids: 'guid' | 'number';
  /** The id of a new object, made of a fresh GUID. */
  readonly idOf: (guid: string, body: JsonObject) => string;
  /** The ids that clients choose themselves: a PATCH of one that is not there makes it. */
  readonly chosenIds: RegExp | null;
  readonly embedded: Embedding | null;
  /** Whether the children have addresses and can be expanded. */
  readonly navigable: boolean;
  /** Navigations that the service does not expand, in lists or alone. */
  readonly refusedExpands: readonly string[];
  /** Properties that are null everywhere but at their own address. */
  readonly withheld: readonly string[];
  /** Members of enumerations that are younger than `unknownFutureValue`, by property: callers must ask to be told them. */
  readonly futureMembers: ReadonlyMap<string, readonly string[]>;
  /** Properties that keep the value that they were created with. */
  readonly immutable: readonly string[];
  /** Properties that no PATCH may name, whatever their value. */
  readonly unpatchable: readonly string[];
  /** Whether the type is abstract, so that every write of what is not common to all kinds has to name the kind. */
  readonly abstract: boolean;
  /** Where ids of other objects stand, scope tags and assignments apart. */
  readonly references: readonly Reference[];
  /** Whether others may refer to a new object only when it can be read everywhere. */
  readonly referableOnceReadable: boolean;
  /** The only properties that a new object may come with; null where there is no such rule. */
  readonly createdOnlyWith: readonly string[] | null;
  /** The property whose value must be unique within the tenant. */
  readonly uniqueBy: string | null;
  /** The property that names the object's scope tags. */
  readonly scopeTags: 'roleScopeTagIds' | 'roleScopeTags' | null;
  readonly dated: boolean;
  readonly versioned: boolean;
  /** Whether the service understands `$filter` on the list. */
  readonly filterable: boolean;
  readonly expandableInList: boolean;
  /** Whose errors and limits apply. */
  readonly service: 'intune' | 'directory' | 'policy';
  /** Actions besides `assign`, by the names of their segments. */
  readonly actions: readonly string[];
  readonly storage: Storage;
  /** Objects that nobody has stored: built in, or made from other parts of the tenant. */
  readonly derived: (tenant: TenantView) => readonly JsonObject[];
  /** The object as the service shows it: computed and masked properties. */
  readonly present: (body: JsonObject) => JsonObject;
  /** What is added when the object, or something below it, is asked for alone. */
  readonly presentAlone: (body: JsonObject, tenant: TenantView) => JsonObject;
  readonly checkCreate: (body: JsonObject, tenant: TenantView) => Refusal;
  /** A replacement or change with what the service remembers of the stored object put back. */
  readonly recalled: (body: JsonObject, stored: JsonObject) => JsonObject;
  readonly checkUpdate: (given: JsonObject, stored: JsonObject) => Refusal;
  /** Why the assignments of an object cannot be written. */
  readonly checkAssign: (stored: JsonObject) => Refusal;
  /** What the service refuses of an object once an entry or an action has changed what lies below it. */
  readonly checkBelow: (changed: JsonObject) => Refusal;
  /** A new object with the properties that the service gives it. */
  readonly initial: (body: JsonObject, tenant: TenantView) => JsonObject;
  /** What the service refuses of a new entry of a child collection. */
  readonly checkEntry: (
    stored: JsonObject,
    child: string,
    entry: JsonObject,
    tenant: TenantView,
  ) => Refusal;
  /** The object after an entry of a child collection has been written. */
  readonly afterEntry: (body: JsonObject, child: string, entry: JsonObject) => JsonObject;
  /** What is written through Graph, whole or in part, as the service keeps it. */
  readonly written: (body: JsonObject) => JsonObject;
  /** The same for an entry of a child collection. */
  readonly writtenEntry: (child: string, entry: JsonObject, tenant: TenantView) => JsonObject;
  /** What else is remembered of an object that has been stored. */
  readonly stored: (body: JsonObject, tenant: TenantView) => void;
  /** Why an object cannot be deleted. */
  readonly checkDelete: (stored: JsonObject, tenant: TenantView) => Refusal;
}

/** What most collections of Intune have in common. */
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
  // Intune's documentation says 204 for deletions; the service says 200, and clients insist on it.
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

/** A collection's entry: its path, its entity type, and what is not as usual. */
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

/** A typed view of a mixed collection: the objects of one type, without the need to name it. */
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
