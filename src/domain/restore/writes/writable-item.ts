import type { Parsed } from '#domain/json/json-literals.ts';
import {
  isParsedObject,
  mapAt,
  type ParsedObject,
  withoutKeys,
} from '#domain/json/parsed-object.ts';
import type { Compare } from './compare.ts';

/**
 * Takes an item and the paths of what Graph refuses in a request, and returns what of the item can be written; its type
 * is left to the body.
 */
export function writableItem(
  compare: Compare,
  item: ParsedObject,
  strip: readonly string[],
): ParsedObject {
  const own = withoutKeys(item, (key) => key === '@odata.type' || strip.includes(key));
  const nested = strip.filter((path) => path.includes('.'));
  const stripped = nested.reduce<Parsed>(withoutPath, own);
  const content = compare.content(['item'], stripped);
  return isParsedObject(content) ? content : {};
}

function withoutPath(value: Parsed, path: string): Parsed {
  const names = path.split('.');
  const last = names.pop();
  return mapAt(value, names, (found) =>
    isParsedObject(found) ? withoutKeys(found, (key) => key === last) : found,
  );
}

/** The type of an item, for a body, where Graph names it. */
export function odataType(item: ParsedObject): ParsedObject {
  const type = item['@odata.type'];
  return typeof type === 'string' ? { '@odata.type': type } : {};
}
