import type { JsonObject } from '../json/object.ts';
import { isArrayText, isObjectText, parseObject } from '../json/object.ts';
import { arrayElements } from '../json/scan.ts';
import type { SimulatorTenant } from '../store/tenant.ts';
import type { Control } from './control.ts';
import { ControlProblem } from './control.ts';

/**
 * Reads a body as one object.
 * @throws ControlProblem (400).
 */
export function bodyObject(text: string): JsonObject {
  if (text === '' || !isObjectText(text))
    throw new ControlProblem(400, 'the body must be an object');
  return parseObject(text);
}

/**
 * Reads a body as an array of objects.
 * @throws ControlProblem (400).
 */
export function bodyObjects(text: string): JsonObject[] {
  if (text === '' || !isArrayText(text)) throw new ControlProblem(400, 'the body must be an array');
  return arrayElements(text).map(bodyObject);
}

/**
 * Returns the tenant.
 * @throws ControlProblem (404) if it does not exist.
 */
export function existingTenant({ store }: Control, tenantId: string): SimulatorTenant {
  const tenant = store.tenant(tenantId);
  if (tenant === undefined) throw new ControlProblem(404, `there is no tenant ${tenantId}`);
  return tenant;
}

/** The stored form of a collection's path: one leading slash, no trailing slash. */
export function canonicalPath(path: string): string {
  return `/${path.replace(/^\/+|\/+$/g, '')}`;
}
