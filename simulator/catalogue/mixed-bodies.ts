import type { JsonObject } from '../json/object.ts';
import type { Store } from '../store/store.ts';
import type { StoredObject } from '../store/stored-object.ts';
import type { CollectionType, TenantView } from './collection-type.ts';

/** Cached per list of stored objects; a changed collection has a new list. */
interface Mixture {
  readonly lists: readonly (readonly StoredObject[])[];
  readonly bodies: readonly JsonObject[];
}

const mixtures = new WeakMap<Store, Map<string, Mixture>>();

/**
 * Returns the objects of a collection with several paths, in order of arrival. Cached until the next change: merging
 * them for each page would slow down a large tenant.
 */
export function mixedBodies(
  { path, storage }: CollectionType,
  { store, tenantId }: TenantView,
  isShown: (body: JsonObject) => boolean,
): readonly JsonObject[] {
  const known = mixtures.get(store) ?? new Map<string, Mixture>();
  mixtures.set(store, known);
  const lists = storage.paths.map((each) => store.list(tenantId, each));
  const key = `${tenantId} ${path}`;
  const last = known.get(key);
  if (last?.lists.every((list, at) => list === lists[at]) === true) return last.bodies;
  const bodies = lists
    .flat()
    .filter(({ body }) => isShown(body))
    .toSorted((left, right) => left.position - right.position)
    .map(({ body }) => body);
  known.set(key, { lists, bodies });
  return bodies;
}
