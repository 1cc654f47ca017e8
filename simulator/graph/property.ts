import type { JsonObject } from '../json/object.ts';

/**
 * Returns the value at a path of property names, or undefined. Ignores the case of the first name, since Intune's
 * clients vary it; never finds inherited names such as `constructor`.
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
