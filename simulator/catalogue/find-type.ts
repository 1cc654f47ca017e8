import type { Store } from '../store/store.ts';
import { catalogue } from './catalogue.ts';
import type { CollectionType } from './collection-type.ts';
import { genericType } from './generic-type.ts';

const byPath = new Map(catalogue.map((type) => [type.path.toLowerCase(), type]));

/** The entry for a path; Graph's paths do not care about case. */
export function knownType(path: string): CollectionType | undefined {
  return byPath.get(path.toLowerCase());
}

/** The type of a collection: its entry, or that of an unknown one if the tenant holds objects there. */
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

/** The type by which a seeded object is stored, whatever its path. */
export function typeForSeeding(path: string): CollectionType {
  return knownType(path) ?? genericType(path);
}
