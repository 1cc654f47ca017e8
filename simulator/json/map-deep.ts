import type { JsonObject } from './object.ts';
import { arrayText, isArrayText, isObjectText, objectText, parseObject } from './object.ts';
import { arrayElements } from './scan.ts';

/** Changes each object in a JSON text, innermost first. */
export function mapDeep(text: string, change: (object: JsonObject) => JsonObject): string {
  if (isArrayText(text)) {
    return arrayText(arrayElements(text).map((element) => mapDeep(element, change)));
  }
  if (!isObjectText(text)) return text;
  const members = parseObject(text).map((entry) => ({
    ...entry,
    text: mapDeep(entry.text, change),
  }));
  return objectText(change(members));
}
