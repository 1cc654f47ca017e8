import type { Parsed } from '#domain/json/json-literals.ts';
import {
  isParsedObject,
  mapAt,
  type ParsedObject,
  withoutKeys,
} from '#domain/json/parsed-object.ts';
import type { Compare } from './compare.ts';

/**
 * The writable part of an item, without the properties at the `strip` paths, which Graph refuses. The body adds the
 * type.
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

/** The type of an item for a body, if Graph names it. */
export function odataType(item: ParsedObject): ParsedObject {
  const type = item['@odata.type'];
  return typeof type === 'string' ? { '@odata.type': type } : {};
}
