import type { SeenPolicy } from '#db/inventory/policies.ts';
import type { ContentReference } from '#db/snapshot/content-references.ts';
import type { Warning } from '#db/tables.ts';
import { ArchiveRejectedError } from '#domain/archive/archive-rejected.ts';
import { assertJsonBounds, jsonDepthMax } from '#domain/json/json-bounds.ts';
import { memberSlice } from '#domain/json/json-slices.ts';
import { JsonTextError } from '#domain/json/json-text-error.ts';
import type { PolicyType } from '#domain/policy-types/policy-type.ts';
import { referencesOf } from '#graph/capture/capture-references.ts';
import { captureWarnings } from '#graph/capture/capture-warnings.ts';
import { policyFacts } from '#graph/capture/policy-facts.ts';
import { isJsonObject, memberOf } from '#graph/port/parse-answer.ts';
import { entryBytesMax, nameCharsMax, referencesMax } from './import-limits.ts';

/** The levels of a snapshot around Graph's parts: the document, `children`, a collection, a nested one. */
const wrappingDepth = 4;

/** The policy of a snapshot's document. */
export interface DocumentFacts {
  readonly seen: SeenPolicy;
  /** The id in the item; null for a file without one. */
  readonly itemId: string | null;
  readonly references: readonly ContentReference[];
  readonly warnings: readonly Warning[];
}

/**
 * Decodes the text of a file.
 * @throws ArchiveRejectedError for invalid UTF-8 or JSON, and for a text beyond the limits of depth or length.
 */
export function jsonText(bytes: Buffer, depthMax: number, entry: number): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    assertJsonBounds(text, { depthMax, bytesMax: entryBytesMax });
    JSON.parse(text);
    return text;
  } catch (error) {
    const tooDeep = error instanceof JsonTextError && error.code === 'too_deep';
    throw new ArchiveRejectedError(tooDeep ? 'too_deep' : 'not_json', entry);
  }
}

/** The limit of nesting in a snapshot's document. */
export const documentDepthMax = jsonDepthMax + wrappingDepth;

/** Reads an imported document into the form of a captured one. @throws ArchiveRejectedError if it is no snapshot. */
export function documentFacts(
  type: PolicyType,
  graphId: string,
  document: string,
  entry: number,
): DocumentFacts {
  const { item, children, assignments } = partsOf(document, entry);
  const facts = policyFacts(item, graphId, type);
  const tooLong = [facts.displayName, facts.platform].some(
    (text) => text !== null && text.length > nameCharsMax,
  );
  if (tooLong) throw new ArchiveRejectedError('not_a_policy', entry);
  const references = referencesOf(type, { item, children, assignments });
  if (references.length > referencesMax) {
    throw new ArchiveRejectedError('too_many_references', entry);
  }
  const { displayName, platform, lastModifiedAt } = facts;
  const id = memberOf(item, 'id');
  return {
    seen: { graphId, displayName, platform, lastModifiedAt },
    itemId: typeof id === 'string' ? id : null,
    references,
    warnings: captureWarnings(type, [item, children]),
  };
}

function partsOf(document: string, entry: number) {
  const parsed: unknown = JSON.parse(document);
  if (!isJsonObject(parsed)) throw new ArchiveRejectedError('not_a_policy', entry);
  const { item, children, assignments, ...others } = parsed;
  const isSnapshot =
    isJsonObject(item) &&
    isJsonObject(children) &&
    (assignments === null || Array.isArray(assignments)) &&
    Object.keys(others).length === 0;
  if (!isSnapshot) throw new ArchiveRejectedError('not_a_policy', entry);
  try {
    assertJsonBounds(memberSlice(document, 'item') ?? '');
  } catch {
    throw new ArchiveRejectedError('too_deep', entry);
  }
  const assigned: readonly unknown[] = assignments ?? [];
  return { item, children, assignments: assigned };
}
