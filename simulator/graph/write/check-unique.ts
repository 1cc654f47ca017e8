import { tenantObjects } from '../../catalogue/tenant-objects.ts';
import type { JsonObject } from '../../json/object.ts';
import { stringOf, valueOf } from '../../json/object.ts';
import { intuneProblem } from '../problem.ts';
import { tenantOf } from '../read/reading.ts';
import type { Writing } from './writing.ts';

/**
 * Refuses a name already used in a type with unique names; `id` is the object's own.
 * @throws GraphProblem (400).
 */
export function checkUnique(writing: Writing, given: JsonObject, id: string | null): void {
  const { type } = writing.target;
  if (type.uniqueBy === null) return;
  const name = valueOf(given, type.uniqueBy);
  const others = tenantObjects(type, tenantOf(writing)).filter(
    (other) => stringOf(other, 'id') !== id,
  );
  if (name === undefined || others.every((other) => valueOf(other, type.uniqueBy ?? '') !== name)) {
    return;
  }
  throw intuneProblem(
    400,
    'BadRequest',
    `A ${type.entity} with that ${type.uniqueBy} already exists`,
  );
}
