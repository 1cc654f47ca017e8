import type { Parsed } from '#domain/json/json-literals.ts';
import { mapAt, type ParsedObject } from '#domain/json/parsed-object.ts';

/** IntuneCD writes the names of scope tags and filters where Graph has their ids. */
export interface IntuneCdWords {
  /** What stands for a tag, by what stood there; what is not in it stays. */
  readonly tags: ReadonlyMap<string, string>;
  readonly filters: ReadonlyMap<string, string>;
}

/** The tag that every tenant has and no backup holds. */
export const defaultTag = { id: '0', name: 'Default' };

const tagProperties = ['roleScopeTagIds', 'roleScopeTags'];
const filterProperty = 'deviceAndAppManagementAssignmentFilterId';

/** An item with other words for its tags. */
export function withTags(item: ParsedObject, { tags }: IntuneCdWords): Parsed {
  const replaced = (value: Parsed) => replacedBy(tags, value);
  return tagProperties.reduce<Parsed>((known, name) => mapAt(known, [name], replaced), item);
}

/** Assignments with other words for their filters. */
export function withFilters(assignments: Parsed, { filters }: IntuneCdWords): Parsed {
  return mapAt(assignments, ['target', filterProperty], (value) => replacedBy(filters, value));
}

function replacedBy(words: ReadonlyMap<string, string>, value: Parsed): Parsed {
  if (Array.isArray(value)) return value.map((element) => replacedBy(words, element));
  if (typeof value !== 'string') return value;
  return words.get(value) ?? value;
}
