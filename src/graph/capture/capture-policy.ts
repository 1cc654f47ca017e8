import { isGraphId } from '#domain/identity/graph-id.ts';
import { jsonDepthMax } from '#domain/json/json-bounds.ts';
import { rootSlice } from '#domain/json/json-slices.ts';
import type { AssignmentRule, PolicyType } from '#domain/policy-types/policy-type.ts';
import { settleAll } from '#domain/concurrency/settle-all.ts';
import { GraphError, isRefusal } from '#graph/port/graph-error.ts';
import type { GraphRead, GraphReader } from '#graph/port/graph-reader.ts';
import { parseAnswer, stringMember } from '#graph/port/parse-answer.ts';
import { pathWithQuery } from '#graph/port/path-with-query.ts';
import { assemblePolicy } from './assemble-policy.ts';
import {
  captureAssignments,
  captureChildren,
  type CapturedChild,
  type ItemAnswer,
} from './capture-children.ts';
import { readCollection, type CapturedCollection } from './capture-parts.ts';
import type { CapturedPolicy } from './captured-policy.ts';
import { countedReader } from './counted-reader.ts';
import { itemExpansions, queryWith } from './expansion.ts';

export interface CaptureOptions {
  readonly signal?: AbortSignal;
  /** Called after each answer with the number of answers so far, for a heartbeat. */
  readonly onProgress?: (requests: number) => void;
  /** Default: read. */
  readonly assignments?: 'read' | 'omit';
}

/**
 * Reads one whole policy in Graph's own bytes.
 * @throws GraphError for a failed call; CaptureError if the parts make no whole.
 */
export async function capturePolicy(
  reader: GraphReader,
  policyType: PolicyType,
  graphId: string,
  options: CaptureOptions = {},
): Promise<CapturedPolicy> {
  if (!isGraphId(graphId)) throw new GraphError({ kind: 'bad_request', code: 'bad_object_id' });
  const counted = countedReader(reader, options.onProgress);
  const read: GraphRead = options.signal ? { signal: options.signal } : {};
  const rule = options.assignments === 'omit' ? null : policyType.assignments;
  const path = `${policyType.collection}/${encodeURIComponent(graphId)}`;

  // Children are read after the item. If the policy changes in between, the revision is older than the children, and
  // the next backup reads them again; a newer revision would mark old children as current.
  const [answer, early] = await settleAll<[ItemAnswer, CapturedCollection | null]>([
    readItem(counted.reader, policyType, { path, graphId, withAssignments: rule !== null }, read),
    readEarly(counted.reader, rule, path, read),
  ]);
  const [children, assignments] = await settleAll<[CapturedChild[], CapturedCollection | null]>([
    captureChildren(counted.reader, policyType, answer, read),
    early === null && rule !== null
      ? captureAssignments(counted.reader, rule, answer, read)
      : Promise.resolve(early),
  ]);
  const parts = { object: answer.object, text: answer.text, children, assignments };
  return assemblePolicy(policyType, graphId, parts, counted.requests());
}

/** Reads assignments in parallel with the item, if the item does not expand them. */
function readEarly(
  reader: GraphReader,
  rule: AssignmentRule | null,
  path: string,
  read: GraphRead,
): Promise<CapturedCollection | null> {
  if (rule === null || rule.expandInItem) return Promise.resolve(null);
  return readCollection(reader, `${path}/${rule.path}`, read);
}

/**
 * Reads the item with its expansions. If Graph rejects those, reads it without them: the caller then reads each part
 * by itself.
 */
async function readItem(
  reader: GraphReader,
  policyType: PolicyType,
  item: { path: string; graphId: string; withAssignments: boolean },
  read: GraphRead,
): Promise<ItemAnswer> {
  const { query } = policyType.item;
  const expanded = queryWith(query, itemExpansions(policyType, item.withAssignments));
  try {
    return await readItemBy(reader, item, expanded, read);
  } catch (error) {
    if (expanded === query || !isRefusal(error)) throw error;
    return readItemBy(reader, item, query, read);
  }
}

async function readItemBy(
  reader: GraphReader,
  { graphId, path }: { path: string; graphId: string },
  query: string | null,
  read: GraphRead,
): Promise<ItemAnswer> {
  const answer = await reader.get(pathWithQuery(path, query), read);
  const object = parseAnswer(answer, jsonDepthMax);
  // A restore would write another object's content over this policy.
  if (stringMember(object, 'id')?.toLowerCase() !== graphId.toLowerCase()) {
    throw new GraphError({
      kind: 'invalid_response',
      code: 'wrong_object',
      status: 200,
      requestId: answer.requestId,
    });
  }
  return { path, object, text: rootSlice(answer.text) };
}
