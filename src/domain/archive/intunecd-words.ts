import type { Parsed } from '#domain/json/json-literals.ts';
import { mapAt, type ParsedObject } from '#domain/json/parsed-object.ts';

/** IntuneCD writes the names of scope tags and filters in place of Graph's ids. */
export interface IntuneCdWords {
  /** The replacement for a tag, by its former text; unknown tags stay. */
  readonly tags: ReadonlyMap<string, string>;
  readonly filters: ReadonlyMap<string, string>;
}

/** Every tenant has this tag, and no backup holds it. */
export const defaultTag = { id: '0', name: 'Default' };

const tagProperties = ['roleScopeTagIds', 'roleScopeTags'];
const filterProperty = 'deviceAndAppManagementAssignmentFilterId';

/** Replaces the tags of an item. */
export function withTags(item: ParsedObject, { tags }: IntuneCdWords): Parsed {
  const replaced = (value: Parsed) => replacedBy(tags, value);
  return tagProperties.reduce<Parsed>((known, name) => mapAt(known, [name], replaced), item);
}

/** Replaces the filters of assignments. */
export function withFilters(assignments: Parsed, { filters }: IntuneCdWords): Parsed {
  return mapAt(assignments, ['target', filterProperty], (value) => replacedBy(filters, value));
}

function replacedBy(words: ReadonlyMap<string, string>, value: Parsed): Parsed {
  if (Array.isArray(value)) return value.map((element) => replacedBy(words, element));
  if (typeof value !== 'string') return value;
  return words.get(value) ?? value;
}
