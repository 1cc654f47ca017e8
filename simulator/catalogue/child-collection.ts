/** A collection (or single object) below an object, stored inside its body and served at its own path. */
export interface ChildCollection {
  readonly name: string;
  /** The entries' entity type for full metadata, or null. */
  readonly entity: string | null;
  readonly pageSize: number;
  /** A navigation to one object instead of a list. */
  readonly single: boolean;
  /** False if GET on the navigation fails and only $expand returns it. */
  readonly routable: boolean;
  /** Form of the id for an entry written without one. */
  readonly ids: 'index' | 'guid' | 'target' | 'locale';
  readonly children: readonly ChildCollection[];
  /** True if a new object may contain entries; else the service ignores them in the object's POST. */
  readonly createdWithParent: boolean;
  /** True if POST adds and DELETE removes single entries. */
  readonly writable: boolean;
  /** True if entries are links to other objects of the parent's collection, written by `$ref`. */
  readonly linked: boolean;
  readonly createStatus: 200 | 201;
  /** Properties of an entry refused in any PATCH. */
  readonly unpatchable: readonly string[];
}

/** Creates a child collection from its name and its differences from the usual. */
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
    linked: false,
    createStatus: 201,
    unpatchable: [],
    ...unusual,
  };
}

/** Assignments written as a whole, by `/assign`. */
export function assignments(pageSize = 100): ChildCollection {
  return child('assignments', { pageSize, ids: 'target' });
}

/** Assignments written one by one. */
export function singleAssignments(): ChildCollection {
  return child('assignments', { ids: 'target', writable: true });
}
