import type { Parsed } from '../../json-literals.ts';
import { isAnnotation } from '../../odata-annotation.ts';
import { isParsedObject, mapAt, type ParsedObject, withoutKeys } from '../../parsed-object.ts';
import type { Gap } from './gap.ts';

/**
 * Takes an item and the paths of what Graph refuses in a request, and returns what of the item can be written. Objects
 * that are only referred to are reduced to their ids; the type of the item is left to the body.
 */
export function writableItem(
  { compare, rule }: Pick<Gap, 'compare' | 'rule'>,
  item: ParsedObject,
  strip: readonly string[],
): ParsedObject {
  const own = withoutKeys(
    item,
    (key) => key === '@odata.type' || strip.includes(key) || isAnnotation(key),
  );
  const nested = strip.filter((path) => path.includes('.'));
  const stripped = nested.reduce<Parsed>(withoutPath, own);
  const reduced = rule.referredTo.reduce<Parsed>(
    (value, path) => mapAt(value, path.split('.'), idAlone),
    stripped,
  );
  const content = compare.content(['item'], reduced);
  return isParsedObject(content) ? content : {};
}

function withoutPath(value: Parsed, path: string): Parsed {
  const names = path.split('.');
  const last = names.pop();
  return mapAt(value, names, (found) =>
    isParsedObject(found) ? withoutKeys(found, (key) => key === last) : found,
  );
}

function idAlone(value: Parsed): Parsed {
  return isParsedObject(value) ? withoutKeys(value, (key) => key !== 'id') : value;
}

/** The type of an item, for a body, where Graph names it. */
export function odataType(item: ParsedObject): ParsedObject {
  const type = item['@odata.type'];
  return typeof type === 'string' ? { '@odata.type': type } : {};
}
