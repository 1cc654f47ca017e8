import { typeForSeeding } from '../catalogue/find-type.ts';
import { newObjectId } from '../catalogue/new-object-id.ts';
import { normalizeBody } from '../catalogue/normalize.ts';
import { storeObject, withWrittenEntries } from '../catalogue/tenant-objects.ts';
import { groupsPath } from '../entra/membership.ts';
import type { JsonObject } from '../json/object.ts';
import { arrayText, isObjectText, parseObject, textOf, valueOf } from '../json/object.ts';
import { completeGroup } from '../catalogue/complete-group.ts';
import type { Control } from './control.ts';
import { ControlProblem } from './control.ts';
import { bodyObjects, canonicalPath, existingTenant } from './read-body.ts';

/** An object to seed: its collection's path, and its body with children. */
export interface Seed {
  readonly path: string;
  readonly body: JsonObject;
}

/**
 * Seeds the objects in a body; returns the path and id of each.
 * @throws ControlProblem (400, 404).
 */
export function seedObjects(
  control: Control,
  tenantId: string,
  text: string,
): { path: string; id: string }[] {
  existingTenant(control, tenantId);
  const seeds = bodyObjects(text).map(readSeed);
  const placed: { path: string; id: string }[] = [];
  control.store.transaction(() => {
    for (const seed of seeds) placed.push(placeSeed(control.store, tenantId, seed));
  });
  return placed;
}

/** Stores one object, replacing one with the same id. */
export function placeSeed(
  store: Control['store'],
  tenantId: string,
  { path, body }: Seed,
): { path: string; id: string } {
  const type = typeForSeeding(path);
  const given = valueOf(body, 'id');
  const id =
    typeof given === 'string' && given !== ''
      ? given
      : type.idOf(newObjectId(store, tenantId, type), body);
  const tenant = { store, tenantId };
  const normal = normalizeBody(type, id, type.path === groupsPath ? completeGroup(body) : body);
  storeObject(type, tenant, id, withWrittenEntries(type, tenant, normal));
  return { path: type.path, id };
}

/**
 * Returns all objects of a tenant as JSON text: `[{path, id, body}]`, with children and assignments inside the
 * bodies. Without bodies it stays small, for callers who only count.
 */
export function objectsText(control: Control, tenantId: string, withBodies: boolean): string {
  existingTenant(control, tenantId);
  const { store } = control;
  const entries = store.paths(tenantId).flatMap((path) =>
    store.list(tenantId, path).map(({ id, text }) => {
      const body = withBodies ? `,"body":${text}` : '';
      return `{"path":${JSON.stringify(path)},"id":${JSON.stringify(id)}${body}}`;
    }),
  );
  return arrayText(entries);
}

function readSeed(entry: JsonObject): Seed {
  const path = valueOf(entry, 'path');
  const body = textOf(entry, 'body');
  if (typeof path !== 'string' || path.replaceAll('/', '') === '') {
    throw new ControlProblem(400, 'path must be that of a collection, such as /groups');
  }
  if (body === undefined || !isObjectText(body)) {
    throw new ControlProblem(400, `the body of an object in ${path} must be an object`);
  }
  return { path: canonicalPath(path), body: parseObject(body) };
}
