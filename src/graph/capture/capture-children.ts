import { mapConcurrent } from '#domain/concurrency/concurrent.ts';
import type {
  AssignmentRule,
  ChildCollection,
  PolicyType,
} from '#domain/policy-types/policy-type.ts';
import { isRefusal } from '#graph/port/graph-error.ts';
import type { GraphRead, GraphReader } from '#graph/port/graph-reader.ts';
import { memberOf, type JsonObject } from '#graph/port/parse-answer.ts';
import { CaptureError } from './capture-error.ts';
import {
  childMembers,
  concurrentReads,
  readCollection,
  readOwnChild,
  type CapturedCollection,
  type ChildMember,
} from './capture-parts.ts';
import type { CaptureWarning } from './captured-policy.ts';
import { expansionOf } from './expansion.ts';
import { matchesRule } from './revision.ts';

/** The answer to the read of a policy's item, with its expansions. */
export interface ItemAnswer {
  readonly path: string;
  readonly object: JsonObject;
  readonly text: string;
}

export interface CapturedChild {
  readonly child: ChildCollection;
  /** The collection without nested reads; null for a missing object. */
  readonly own: CapturedCollection | null;
  /** The collection, and the nested reads of its elements. */
  readonly members: readonly ChildMember[];
  readonly warnings: readonly CaptureWarning[];
}

/** Reads all children of a policy, whole. @throws GraphError, CaptureError. */
export function captureChildren(
  reader: GraphReader,
  { children }: PolicyType,
  answer: ItemAnswer,
  read: GraphRead,
): Promise<CapturedChild[]> {
  const present = children.filter(({ when }) => when === null || matchesRule(answer.object, when));
  return mapConcurrent(concurrentReads, present, async (child) => {
    const { own, warnings } = await readChild(reader, child, answer, read);
    const members = await childMembers(reader, answer.path, child, own, read);
    return { child, own, members, warnings: [...warnings, ...checkCount(child, answer, own)] };
  });
}

/** Uses the expansion in the item if it is provably whole, else reads the child by itself. */
async function readChild(
  reader: GraphReader,
  child: ChildCollection,
  { object, path, text }: ItemAnswer,
  read: GraphRead,
): Promise<{ own: CapturedCollection | null; warnings: CaptureWarning[] }> {
  const found = child.expand ? expansionOf(object, text, child.name, countOf(child, object)) : null;
  if (found?.whole) return { own: found, warnings: [] };
  if (child.expand?.routable === false) {
    const message = `${child.name} cut short by Graph`;
    const own = found ?? { elements: [], slices: [] };
    return { own, warnings: [{ code: 'expansion_truncated', message }] };
  }
  try {
    return { own: await readOwnChild(reader, path, child, read), warnings: [] };
  } catch (error) {
    // Clouds differ in the parts that a derived type has. A policy without one part is better than no policy.
    if (child.when === null || !isRefusal(error)) throw error;
    const message = `${child.name} refused by Graph`;
    return { own: null, warnings: [{ code: 'part_unavailable', message }] };
  }
}

/**
 * Compares the number of elements with the item's own count; warns if the item has no count.
 * @throws CaptureError if they differ.
 */
function checkCount(
  child: ChildCollection,
  { object }: ItemAnswer,
  own: CapturedCollection | null,
): CaptureWarning[] {
  if (child.countProperty === null) return [];
  const expected = countOf(child, object);
  const actual = own?.elements.length ?? 0;
  if (expected === null) {
    return [{ code: 'setting_count_missing', message: `no ${child.countProperty}` }];
  }
  if (expected !== actual) {
    throw new CaptureError('setting_count_mismatch', {
      retryable: true,
      context: { expected, actual },
    });
  }
  return [];
}

function countOf({ countProperty }: ChildCollection, object: JsonObject): number | null {
  const count = countProperty === null ? null : memberOf(object, countProperty);
  return typeof count === 'number' ? count : null;
}

/** Reads all assignments of a policy. @throws GraphError */
export async function captureAssignments(
  reader: GraphReader,
  rule: AssignmentRule,
  { object, path, text }: ItemAnswer,
  read: GraphRead,
): Promise<CapturedCollection> {
  const found = expansionOf(object, text, rule.path, null);
  return found?.whole ? found : readCollection(reader, `${path}/${rule.path}`, read);
}
