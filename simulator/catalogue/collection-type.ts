import type { JsonObject } from '../json/object.ts';

/** A collection (or single object) below an object, stored inside its body and served at its own address. */
export interface ChildCollection {
  readonly name: string;
  readonly pageSize: number;
  /** A navigation to one object instead of a list. */
  readonly single: boolean;
  /** Whether GET on the navigation itself is routable; if not, only $expand gives it. */
  readonly routable: boolean;
  /** How the service names an entry that is written without an id. */
  readonly ids: 'index' | 'guid' | 'target' | 'locale';
  readonly children: readonly ChildCollection[];
}

/** How the assignments of a type are written. */
export interface AssignAction {
  /** The property of the body of `/assign` that holds the whole new set. */
  readonly key: string;
  readonly status: 200 | 204;
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
  /** Objects that every tenant has from the start. */
  readonly builtIn: readonly JsonObject[];
  /** The object as the service shows it: computed and masked properties. */
  readonly present: (body: JsonObject) => JsonObject;
  readonly checkCreate: BodyCheck;
}

/** What most collections of Intune have in common. */
const usual: Omit<CollectionType, 'path' | 'entity'> = {
  polymorphic: false,
  inV1: false,
  v1Omits: ['roleScopeTagIds'],
  pageSize: 100,
  topMax: 1000,
  listOmits: [],
  children: [],
  assign: null,
  update: { method: 'PATCH', status: 200 },
  ids: 'guid',
  uniqueBy: null,
  scopeTags: 'roleScopeTagIds',
  dated: true,
  versioned: false,
  filterable: true,
  expandableInList: true,
  service: 'intune',
  builtIn: [],
  present: (body) => body,
  checkCreate: () => null,
};

/** A collection's entry: its path, its entity type, and what is not as usual. */
export function collection(
  path: string,
  entity: string,
  unusual: Partial<CollectionType> = {},
): CollectionType {
  return { ...usual, path, entity, ...unusual };
}

/** A child collection: a name, and what is not as usual. */
export function child(name: string, unusual: Partial<ChildCollection> = {}): ChildCollection {
  return {
    name,
    pageSize: 100,
    single: false,
    routable: true,
    ids: 'guid',
    children: [],
    ...unusual,
  };
}

/** The assignments of an object. */
export function assignments(pageSize = 100): ChildCollection {
  return child('assignments', { pageSize, ids: 'target' });
}
