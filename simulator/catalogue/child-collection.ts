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
  /** Whether entries are other objects of the parent's collection, set and taken away by `$ref`. */
  readonly linked: boolean;
  readonly createStatus: 200 | 201;
  /** Properties of an entry that no PATCH may name. */
  readonly unpatchable: readonly string[];
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
    linked: false,
    createStatus: 201,
    unpatchable: [],
    ...unusual,
  };
}

/** The assignments of an object that are written as a whole, by `/assign`. */
export function assignments(pageSize = 100): ChildCollection {
  return child('assignments', { pageSize, ids: 'target' });
}

/** The assignments of an object that are written one by one. */
export function singleAssignments(): ChildCollection {
  return child('assignments', { ids: 'target', writable: true });
}
