import type { ChildCollection } from '../../catalogue/child-collection.ts';
import { normalizeEntry } from '../../catalogue/normalize.ts';
import type { JsonObject } from '../../json/object.ts';
import { arrayText, objectText } from '../../json/object.ts';
import type { Writing } from './writing.ts';

/** Returns the text of a child collection's entries in stored form. */
export function entriesText(
  writing: Writing,
  id: string,
  name: string,
  entries: readonly JsonObject[],
): string {
  const { type } = writing.target;
  const navigation: ChildCollection | undefined = type.children.find((each) => each.name === name);
  if (navigation === undefined) return arrayText(entries.map(objectText));
  return arrayText(
    entries.map((entry, index) => {
      return objectText(normalizeEntry(entry, navigation, id, index));
    }),
  );
}
