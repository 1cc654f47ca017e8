import type { JsonObject } from '../json/object.ts';
import { scalarText } from '../json/scalar-text.ts';
import { propertyAt } from './property.ts';

interface SortKey {
  readonly path: string[];
  readonly sign: 1 | -1;
}

/** Sorts objects by `$orderby`; like Graph it ignores case. */
export function orderObjects(
  objects: readonly JsonObject[],
  orderBy: string,
  show: (body: JsonObject) => JsonObject,
): JsonObject[] {
  const keys = orderBy.split(',').map((part): SortKey => {
    const [path = '', direction = 'asc'] = part.trim().split(/\s+/);
    return { path: path.split('/'), sign: direction.toLowerCase() === 'desc' ? -1 : 1 };
  });
  const keyed = objects.map((body) => ({
    body,
    values: keys.map(({ path }) => propertyAt(show(body), path)),
  }));
  const sorted = keyed.toSorted((left, right) => {
    for (const [index, { sign }] of keys.entries()) {
      const order = compareValues(left.values[index], right.values[index]);
      if (order !== 0) return order * sign;
    }
    return 0;
  });
  return sorted.map(({ body }) => body);
}

/** Compares two values of the same kind; a missing value comes first. */
export function compareValues(left: unknown, right: unknown): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  const a = scalarText(left).toLowerCase();
  const b = scalarText(right).toLowerCase();
  return a < b ? -1 : a > b ? 1 : 0;
}
