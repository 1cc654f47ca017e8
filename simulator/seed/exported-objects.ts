import { filterMembers } from '../json/filter-members.ts';
import type { JsonObject } from '../json/object.ts';
import { elementsOf, isArrayText, isObjectText, parseObject, textOf } from '../json/object.ts';
import { arrayElements } from '../json/scan.ts';

/** Annotations of a property, `name@odata.…`, and actions, `#microsoft.graph.…`; a bare `@odata.type` is data. */
const exportedAnnotation = /^#|.@odata\./;
const bindLink = /@odata\.bind$/;

/**
 * The objects in an exported file: one, an array of them, or a whole answer `{"value": [...]}`. The annotations of full
 * metadata are taken out at all depths. Throws SyntaxError for text that is not JSON.
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
