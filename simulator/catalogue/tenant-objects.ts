import type { JsonObject } from '../json/object.ts';
import { mapObjects, member, stringOf, textOf } from '../json/object.ts';
import type { CollectionType, TenantView } from './collection-type.ts';

/** All objects of a collection in a tenant: those of nobody's making first, then the stored ones. */
export function tenantObjects(type: CollectionType, tenant: TenantView): readonly JsonObject[] {
  const bodies = tenant.store.bodies(tenant.tenantId, type.storage.path);
  const ofType = type.storage.odataType === null ? bodies : ofOneType(type, bodies);
  const derived = type.derived(tenant);
  if (derived.length === 0) return ofType;
  const ids = new Set(tenant.store.list(tenant.tenantId, type.storage.path).map(({ id }) => id));
  return [...derived.filter((body) => !ids.has(stringOf(body, 'id') ?? '')), ...ofType];
}

/** What the typed views show of a mixed list, for as long as the list stays as it is. */
const views = new WeakMap<readonly JsonObject[], Map<string, readonly JsonObject[]>>();

function ofOneType(type: CollectionType, bodies: readonly JsonObject[]): readonly JsonObject[] {
  const known = views.get(bodies) ?? new Map<string, readonly JsonObject[]>();
  views.set(bodies, known);
  const view = known.get(type.entity) ?? bodies.filter((body) => isOfType(type, body));
  known.set(type.entity, view);
  return view;
}

/** One object of a collection in a tenant, or undefined. */
export function tenantObject(
  type: CollectionType,
  tenant: TenantView,
  id: string,
): JsonObject | undefined {
  const stored = tenant.store.find(tenant.tenantId, type.storage.path, id)?.body;
  if (stored !== undefined) return isOfType(type, stored) ? stored : undefined;
  return type.derived(tenant).find((body) => stringOf(body, 'id') === id);
}

/** Stores an object where its collection keeps it and returns it as it is kept. */
export function storeObject(
  type: CollectionType,
  tenant: TenantView,
  id: string,
  body: JsonObject,
): JsonObject {
  const { path, odataType } = type.storage;
  const typed =
    odataType !== null && textOf(body, '@odata.type') === undefined
      ? [member('@odata.type', JSON.stringify(odataType)), ...body]
      : body;
  tenant.store.put(tenant.tenantId, path, id, typed);
  type.stored(typed, tenant);
  return typed;
}

/** The object with each entry of its child collections as the service keeps it: links resolved, defaults set. */
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

function isOfType({ storage }: CollectionType, body: JsonObject): boolean {
  return storage.odataType === null || stringOf(body, '@odata.type') === storage.odataType;
}
