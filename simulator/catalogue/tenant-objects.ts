import type { JsonObject } from '../json/object.ts';
import { mapObjects, member, stringOf, textOf } from '../json/object.ts';
import type { CollectionType, Storage, TenantView } from './collection-type.ts';
import { mixedBodies } from './mixed-bodies.ts';

/** Returns a collection's objects: derived ones first, then the stored ones. */
export function tenantObjects(type: CollectionType, tenant: TenantView): readonly JsonObject[] {
  const stored = storedBodies(type, tenant);
  const derived = type.derived(tenant);
  if (derived.length === 0) return stored;
  const { store, tenantId } = tenant;
  const isStored = (body: JsonObject): boolean =>
    store.find(tenantId, type.storage.home, stringOf(body, 'id') ?? '') !== undefined;
  return [...derived.filter((body) => !isStored(body)), ...stored];
}

function storedBodies(type: CollectionType, tenant: TenantView): readonly JsonObject[] {
  const { home, paths } = type.storage;
  return paths.length === 1
    ? tenant.store.bodies(tenant.tenantId, home)
    : mixedBodies(type, tenant, (body) => isOfType(type.storage, body));
}

/** Returns one object of a collection, or undefined. */
export function tenantObject(
  type: CollectionType,
  tenant: TenantView,
  id: string,
): JsonObject | undefined {
  const stored = tenant.store.find(tenant.tenantId, placeOf(type, tenant, id), id)?.body;
  if (stored !== undefined) return isOfType(type.storage, stored) ? stored : undefined;
  return type.derived(tenant).find((body) => stringOf(body, 'id') === id);
}

/** Stores an object at its collection's path and returns its stored form. */
export function storeObject(
  type: CollectionType,
  tenant: TenantView,
  id: string,
  body: JsonObject,
): JsonObject {
  const { odataType } = type.storage;
  const typed =
    odataType !== null && textOf(body, '@odata.type') === undefined
      ? [member('@odata.type', JSON.stringify(odataType)), ...body]
      : body;
  tenant.store.put(tenant.tenantId, placeOf(type, tenant, id), id, typed);
  type.stored(typed, tenant);
  return typed;
}

/** Removes an object from its collection. */
export function removeObject(type: CollectionType, tenant: TenantView, id: string): void {
  tenant.store.delete(tenant.tenantId, placeOf(type, tenant, id), id);
}

/** Returns an object's path, or the path for a new one. */
function placeOf({ storage }: CollectionType, { store, tenantId }: TenantView, id: string): string {
  if (storage.paths.length === 1) return storage.home;
  const found = storage.paths.find((path) => store.find(tenantId, path, id) !== undefined);
  return found ?? storage.home;
}

/** Converts the entries of all child collections to stored form: links resolved, defaults set. */
export function withWrittenEntries(
  type: CollectionType,
  tenant: TenantView,
  body: JsonObject,
): JsonObject {
  return type.children.reduce<JsonObject>(
    (object, { name }) =>
      mapObjects(object, name, (entry) => type.writtenEntry(name, entry, tenant)),
    body,
  );
}

function isOfType({ odataType }: Storage, body: JsonObject): boolean {
  return odataType === null || stringOf(body, '@odata.type') === odataType;
}
