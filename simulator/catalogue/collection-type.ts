import type { JsonObject } from '../json/object.ts';
import type { Store } from '../store/store.ts';

/** A collection (or single object) below an object, stored inside its body and served at its own address. */
export interface ChildCollection {
  readonly name: string;
  /** The entity type of the entries, where full metadata should name it. */
  readonly entity: string | null;
  readonly pageSize: number;
  /** A navigation to one object instead of a list. */
  readonly single: boolean;
  /** Whether GET on the navigation itself is routable; if not, only $expand gives it. */
  readonly routable: boolean;
  /** How the service names an entry that is written without an id. */
  readonly ids: 'index' | 'guid' | 'target' | 'locale';
  readonly children: readonly ChildCollection[];
  /** Whether a new object may bring its entries along; if not, the service overlooks them in the POST of the object. */
  readonly createdWithParent: boolean;
  /** Whether entries are added by POST and removed by DELETE one by one. */
  readonly writable: boolean;
  readonly createStatus: 200 | 201;
}

/** The tenant that an object belongs to, for what is computed from its neighbours. */
export interface TenantView {
  readonly store: Store;
  readonly tenantId: string;
}

/** How the assignments of a type are written. */
export interface AssignAction {
  /** The property of the body of `/assign` that holds the whole new set. */
  readonly key: string;
  readonly status: 200 | 204;
  /** Whether the answer holds the assignments as they are now. */
  readonly returns: boolean;
  /** Collections whose objects are assigned at this address as well. */
  readonly alsoFor: readonly string[];
}

/** What the service refuses in a body; the text of the refusal, or null if the body is fine. */
export type BodyCheck = (body: JsonObject) => string | null;

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
  /** Where the objects are kept; a typed view of a mixed collection shows those of its type. */
  readonly storage: { readonly path: string; readonly odataType: string | null };
  /** Objects that nobody has stored: built in, or made from other parts of the tenant. */
  readonly derived: (tenant: TenantView) => readonly JsonObject[];
  /** The object as the service shows it: computed and masked properties. */
  readonly present: (body: JsonObject) => JsonObject;
  /** What is added when the object, or something below it, is asked for alone. */
  readonly presentAlone: (body: JsonObject, tenant: TenantView) => JsonObject;
  readonly checkCreate: BodyCheck;
  /** A replacement or change with what the service remembers of the stored object put back. */
  readonly recalled: (body: JsonObject, stored: JsonObject) => JsonObject;
  readonly checkUpdate: BodyCheck;
  /** A new object with the properties that the service gives it. */
  readonly initial: (body: JsonObject) => JsonObject;
  /** What is written through Graph, whole or in part, as the service keeps it. */
  readonly written: (body: JsonObject) => JsonObject;
  /** The same for an entry of a child collection. */
  readonly writtenEntry: (child: string, entry: JsonObject, tenant: TenantView) => JsonObject;
  /** What else is remembered of an object that has been stored. */
  readonly stored: (body: JsonObject, tenant: TenantView) => void;
  /** Why an object cannot be deleted, or null. */
  readonly checkDelete: (id: string, tenant: TenantView) => string | null;
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
  initial: (body) => body,
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
  return { ...usual, path, entity, storage: { path, odataType: null }, ...unusual };
}

/** A child collection: a name, and what is not as usual. */
export function child(name: string, unusual: Partial<ChildCollection> = {}): ChildCollection {
  return {
    name,
    entity: null,
    pageSize: 100,
    single: false,
    routable: true,
    ids: 'guid',
    children: [],
    createdWithParent: false,
    writable: false,
    createStatus: 201,
    ...unusual,
  };
}

/** An assign action that answers with the assignments. */
export function assigning(key = 'assignments'): AssignAction {
  return { key, status: 200, returns: true, alsoFor: [] };
}

/** An assign action that answers without content, by the status that the service gives. */
export function assigningSilently(
  key: string,
  status: AssignAction['status'],
  alsoFor: readonly string[] = [],
): AssignAction {
  return { key, status, returns: false, alsoFor };
}

/** The assignments of an object that are written as a whole, by `/assign`. */
export function assignments(pageSize = 100): ChildCollection {
  return child('assignments', { pageSize, ids: 'target' });
}

/** The assignments of an object that are written one by one. */
export function singleAssignments(): ChildCollection {
  return child('assignments', { ids: 'target', writable: true });
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
    storage: { path: mixed.path, odataType: `#microsoft.graph.${entity}` },
    ...unusual,
  };
}
