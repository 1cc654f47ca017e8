import type { JsonObject } from '../json/object.ts';

/**
 * The value at a path of property names in an object, or undefined. The first name may be written in any case, as
 * Intune's clients do; inherited names such as `constructor` are never found.
 */
export function propertyAt(body: JsonObject, path: readonly string[]): unknown {
  const [first = '', ...rest] = path;
  const found =
    body.findLast(({ key }) => key === first) ??
    body.findLast(({ key }) => key.toLowerCase() === first.toLowerCase());
  if (found === undefined) return undefined;
  let value: unknown = JSON.parse(found.text);
  for (const name of rest) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) {
      return undefined;
    }
    value = Object.getOwnPropertyDescriptor(value, name)?.value;
  }
  return value;
}
