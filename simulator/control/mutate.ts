import { typeForSeeding } from '../catalogue/find-type.ts';
import { normalizeBody } from '../catalogue/normalize.ts';
import { removeObject, storeObject, tenantObject } from '../catalogue/tenant-objects.ts';
import { touched } from '../graph/write/touched.ts';
import type { JsonObject } from '../json/object.ts';
import {
  elementsOf,
  isObjectText,
  mergeObjects,
  parseObject,
  objectText,
  stringOf,
  textOf,
  valueOf,
  withoutMembers,
} from '../json/object.ts';
import type { Control } from './control.ts';
import { ControlProblem } from './control.ts';
import { bodyObject, canonicalPath, existingTenant } from './read-body.ts';

/**
 * Changes an object as an administrator would in Intune, without the product: sets and removes properties, including
 * child collections and assignments, or deletes it. Returns the stored object.
 * @throws ControlProblem (400, 404).
 */
export function mutateObject(control: Control, tenantId: string, text: string): string {
  existingTenant(control, tenantId);
  const order = bodyObject(text);
  const { store } = control;
  const type = typeForSeeding(canonicalPath(stringOf(order, 'path') ?? ''));
  const id = stringOf(order, 'id') ?? '';
  const tenant = { store, tenantId };
  const body = tenantObject(type, tenant, id);
  if (body === undefined) throw new ControlProblem(404, `there is no ${type.path}/${id}`);
  if (valueOf(order, 'delete') === true) {
    removeObject(type, tenant, id);
    return JSON.stringify({ deleted: id });
  }
  const changes = changesIn(order);
  const removed = removedNames(order);
  const names = [...changes.map(({ key }) => key), ...removed];
  // As in Intune, a change of assignments leaves modification date and version unchanged.
  const base = names.every((name) => name === 'assignments') ? body : touched(body);
  const changed = mergeObjects(withoutMembers(base, removed), withoutMembers(changes, ['id']));
  return objectText(storeObject(type, tenant, id, normalizeBody(type, id, changed)));
}

function changesIn(order: JsonObject): JsonObject {
  const text = textOf(order, 'set') ?? '{}';
  if (!isObjectText(text)) throw new ControlProblem(400, 'set must be an object');
  return parseObject(text);
}

function removedNames(order: JsonObject): string[] {
  return elementsOf(order, 'unset').map((each) => String(JSON.parse(each)));
}
