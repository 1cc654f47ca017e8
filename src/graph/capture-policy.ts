import { jsonDepthMax } from '../domain/json-bounds.ts';
import { rootSlice } from '../domain/json-slices.ts';
import type { ChildCollection, PolicyType } from '../domain/policy-types/policy-type.ts';
import { CaptureError } from './capture-error.ts';
import { arrayText, readChild, readCollection, type CapturedChild } from './capture-parts.ts';
import { captureWarnings } from './capture-warnings.ts';
import type { CapturedPolicy, CaptureWarning } from './captured-policy.ts';
import { countedReader } from './counted-reader.ts';
import { GraphError } from './graph-error.ts';
import { isGraphId } from './graph-id.ts';
import type { GraphRead, GraphReader } from './graph-reader.ts';
import { indexEntry } from './index-entry.ts';
import { pathWithQuery } from './list-policies.ts';
import { memberOf, parseAnswer, stringMember, type JsonObject } from './parse-answer.ts';

export interface CaptureOptions {
  readonly signal?: AbortSignal;
  /** Told after each answer how many there have been; the place for a heartbeat. */
  readonly onProgress?: (requests: number) => void;
}

/**
 * Takes a reader, a policy type and the policy's id in Graph, and returns the whole policy in Graph's own bytes.
 * Throws GraphError for a call that failed, CaptureError when the parts do not make a whole.
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
  const path = `${policyType.collection}/${encodeURIComponent(graphId)}`;

  const { item, itemText } = await readItem(counted.reader, policyType, path, graphId, read);
  const children: CapturedChild[] = [];
  const warnings: CaptureWarning[] = [];
  for (const child of policyType.children) {
    const captured = await readChild(counted.reader, path, child, read);
    if (!countAgrees(item, child, captured.elements.length)) {
      warnings.push({ code: 'setting_count_missing', message: `no ${child.countProperty}` });
    }
    children.push(captured);
  }
  const assignments = policyType.assignments
    ? await readCollection(counted.reader, `${path}/${policyType.assignments.path}`, read)
    : null;

  const parts = [item, ...children.flatMap((child) => [...child.elements, ...child.nested])];
  warnings.push(...captureWarnings(policyType, parts));
  return {
    ...indexEntry(item, graphId, policyType),
    document: documentText(itemText, children, assignments?.slices ?? null),
    requests: counted.requests(),
    warnings,
    // A withheld secret is no lack of the capture: nobody could have read more.
    complete: warnings.every(({ code }) => code === 'secret_masked'),
  };
}

async function readItem(
  reader: GraphReader,
  policyType: PolicyType,
  path: string,
  graphId: string,
  read: GraphRead,
): Promise<{ item: JsonObject; itemText: string }> {
  const answer = await reader.get(pathWithQuery(path, policyType.item.query), read);
  const item = parseAnswer(answer, jsonDepthMax);
  // Some other object under this id would be restored over this one.
  if (stringMember(item, 'id')?.toLowerCase() !== graphId.toLowerCase()) {
    throw new GraphError({
      kind: 'invalid_response',
      code: 'wrong_object',
      status: 200,
      requestId: answer.requestId,
    });
  }
  return { item, itemText: rootSlice(answer.text) };
}

/** Returns false when the item does not say how many there are; throws when it says otherwise. */
function countAgrees(item: JsonObject, child: ChildCollection, actual: number): boolean {
  if (child.countProperty === null) return true;
  const expected = memberOf(item, child.countProperty);
  if (typeof expected !== 'number') return false;
  if (expected !== actual) {
    throw new CaptureError('setting_count_mismatch', {
      retryable: true,
      context: { expected, actual },
    });
  }
  return true;
}

function documentText(
  itemText: string,
  children: readonly CapturedChild[],
  assignments: readonly string[] | null,
): string {
  const members = children.flatMap((child) => child.members).join(',');
  const assigned = assignments === null ? 'null' : arrayText(assignments);
  return `{"item":${itemText},"children":{${members}},"assignments":${assigned}}`;
}
