import type {
  AssignmentRule,
  ChildCollection,
  PolicyType,
} from '#domain/policy-types/policy-type.ts';
import { eachTogether } from '#graph/port/each-together.ts';
import { isRefusal } from '#graph/port/graph-error.ts';
import type { GraphRead, GraphReader } from '#graph/port/graph-reader.ts';
import { memberOf, type JsonObject } from '#graph/port/parse-answer.ts';
import { CaptureError } from './capture-error.ts';
import {
  childMembers,
  readCollection,
  readOwnChild,
  type CapturedCollection,
  type ChildMember,
} from './capture-parts.ts';
import type { CaptureWarning } from './captured-policy.ts';
import { expansionOf } from './expansion.ts';
import { holds } from './revision.ts';

/** The answer to the single read of a policy, with what was expanded in it. */
export interface ItemAnswer {
  readonly path: string;
  readonly object: JsonObject;
  readonly text: string;
}

export interface CapturedChild {
  readonly child: ChildCollection;
  /** The collection alone; null for an object that is not there. */
  readonly own: CapturedCollection | null;
  /** The collection, and what hangs on its elements. */
  readonly members: readonly ChildMember[];
  readonly warnings: readonly CaptureWarning[];
}

/** Takes a type and a policy's item, and returns the policy's children, whole. Throws GraphError and CaptureError. */
export function captureChildren(
  reader: GraphReader,
  { children }: PolicyType,
  answer: ItemAnswer,
  read: GraphRead,
): Promise<CapturedChild[]> {
  const present = children.filter(({ when }) => when === null || holds(answer.object, when));
  return eachTogether(present, async (child) => {
    const { own, warnings } = await readChild(reader, child, answer, read);
    const members = await childMembers(reader, answer.path, child, own, read);
    return { child, own, members, warnings: [...warnings, ...checkCount(child, answer, own)] };
  });
}

/** From the item where its expansion is to be believed, else by itself. */
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
    // Which derived types have which parts changes from cloud to cloud. A policy without one is better than none.
    if (child.when === null || !isRefusal(error)) throw error;
    const message = `${child.name} refused by Graph`;
    return { own: null, warnings: [{ code: 'part_unavailable', message }] };
  }
}

/** Throws when there are more or fewer elements than the item says; warns when it does not say. */
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

/** Takes a policy's item and returns its assignments, all of them. Throws GraphError. */
export async function captureAssignments(
  reader: GraphReader,
  rule: AssignmentRule,
  { object, path, text }: ItemAnswer,
  read: GraphRead,
): Promise<CapturedCollection> {
  const found = expansionOf(object, text, rule.path, null);
  return found?.whole ? found : readCollection(reader, `${path}/${rule.path}`, read);
}
