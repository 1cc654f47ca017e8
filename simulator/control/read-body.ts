import type { JsonObject } from '../json/object.ts';
import { isArrayText, isObjectText, parseObject } from '../json/object.ts';
import { arrayElements } from '../json/scan.ts';
import type { SimulatorTenant } from '../store/tenant.ts';
import type { Control } from './control.ts';
import { ControlProblem } from './control.ts';

/** The object in a body. Throws ControlProblem (400). */
export function bodyObject(text: string): JsonObject {
  if (text === '' || !isObjectText(text))
    throw new ControlProblem(400, 'the body must be an object');
  return parseObject(text);
}

/** The objects in a body that is an array of them. Throws ControlProblem (400). */
export function bodyObjects(text: string): JsonObject[] {
  if (text === '' || !isArrayText(text)) throw new ControlProblem(400, 'the body must be an array');
  return arrayElements(text).map(bodyObject);
}

/** A tenant that must exist. Throws ControlProblem (404). */
export function existingTenant({ store }: Control, tenantId: string): SimulatorTenant {
  const tenant = store.tenant(tenantId);
  if (tenant === undefined) throw new ControlProblem(404, `there is no tenant ${tenantId}`);
  return tenant;
}

/** The path of a collection as it is kept: with one slash in front and none behind. */
export function canonicalPath(path: string): string {
  return `/${path.replace(/^\/+|\/+$/g, '')}`;
}
