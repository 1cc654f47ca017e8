import { filterMembers } from '../json/filter-members.ts';
import type { JsonObject } from '../json/object.ts';
import { elementsOf, isArrayText, isObjectText, parseObject, textOf } from '../json/object.ts';
import { arrayElements } from '../json/scan.ts';

/**
 * Matches annotations of a property, `name@odata.…`, and actions, `#microsoft.graph.…`; a bare `@odata.type` is data.
 */
const exportedAnnotation = /^#|.@odata\./;
const bindLink = /@odata\.bind$/;

/**
 * Returns the objects in an exported file: one object, an array, or a whole answer `{"value": [...]}`. Removes the
 * annotations of full metadata at all depths.
 * @throws SyntaxError for invalid JSON.
 */
export function exportedObjects(text: string): JsonObject[] {
  JSON.parse(text);
  const clean = filterMembers(
    text,
    ({ key }) => !exportedAnnotation.test(key) || bindLink.test(key),
  );
  return listedTexts(clean).filter(isObjectText).map(parseObject);
}

function listedTexts(text: string): string[] {
  if (isArrayText(text)) return arrayElements(text);
  if (!isObjectText(text)) return [];
  const object = parseObject(text);
  const isAnswer = textOf(object, 'value')?.startsWith('[') === true && object.length <= 3;
  return isAnswer ? elementsOf(object, 'value') : [text];
}
