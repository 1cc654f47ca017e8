import type { Member } from './object.ts';
import { arrayText, isArrayText, isObjectText, objectText, parseObject } from './object.ts';
import { arrayElements } from './scan.ts';

/** Removes members refused by `keep` from a JSON text, at any depth. */
export function filterMembers(text: string, keep: (member: Member) => boolean): string {
  if (isArrayText(text)) {
    return arrayText(arrayElements(text).map((element) => filterMembers(element, keep)));
  }
  if (!isObjectText(text)) return text;
  return objectText(
    parseObject(text)
      .filter(keep)
      .map((entry) => ({ ...entry, text: filterMembers(entry.text, keep) })),
  );
}
