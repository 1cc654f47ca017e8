import type { Store } from '../store/store.ts';
import { catalogue } from './catalogue.ts';
import type { CollectionType } from './collection-type.ts';
import { genericType } from './generic-type.ts';

const byPath = new Map(catalogue.map((type) => [type.path.toLowerCase(), type]));

/** Returns the entry for a path, ignoring case as Graph does. */
export function knownType(path: string): CollectionType | undefined {
  return byPath.get(path.toLowerCase());
}

/** Returns a collection's type: its entry, or the generic type if the tenant has objects there. */
export function typeInTenant(
  store: Store,
  tenantId: string,
  path: string,
): CollectionType | undefined {
  const known = knownType(path);
  if (known !== undefined) return known;
  const seeded = store.paths(tenantId).find((each) => each.toLowerCase() === path.toLowerCase());
  return seeded === undefined ? undefined : genericType(seeded);
}

/** Returns the type for storing a seeded object at any path. */
export function typeForSeeding(path: string): CollectionType {
  return knownType(path) ?? genericType(path);
}
