import { isGraphId } from '#domain/identity/graph-id.ts';
import type { PolicyType } from '#domain/policy-types/policy-type.ts';
import { GraphError, isRefusal } from '#graph/port/graph-error.ts';
import type { GraphReader } from '#graph/port/graph-reader.ts';
import { pages, type GraphPage } from '#graph/port/pages.ts';
import { isJsonObject, memberOf, type JsonObject } from '#graph/port/parse-answer.ts';
import { pathWithQuery } from '#graph/port/path-with-query.ts';
import { assemblePolicy } from './assemble-policy.ts';
import {
  type Expansion,
  expansionOf,
  listExpansions,
  queryWith,
  withoutExpansions,
} from './expansion.ts';
import { isBuiltIn, policyFacts } from './policy-facts.ts';
import type { ListedPolicy, PolicyPage } from './listed-policy.ts';
import { assignmentsHashOf, revisionOf } from './revision.ts';

export interface ListPoliciesOptions {
  /** The nextLink of an earlier page; default: the first page. */
  readonly nextLink?: string | null;
  readonly signal?: AbortSignal;
  /** `expand`: entries carry the marks of change since a snapshot, at the cost of larger pages. Default: omit. */
  readonly assignments?: 'expand' | 'omit';
}

/**
 * Yields a tenant's policies of one type, page by page. Yields a repeated id once: pages shift during edits.
 * @throws GraphError; invalid_response for an object without a usable id, since a list must not silently lack a
 * policy.
 */
export async function* listPolicies(
  reader: GraphReader,
  policyType: PolicyType,
  options: ListPoliciesOptions = {},
): AsyncGenerator<PolicyPage, void, void> {
  const seen = new Set<string>();
  for (const query of queriesFor(policyType, options)) {
    try {
      const path = pathWithQuery(policyType.collection, query);
      const read = options.signal ? { signal: options.signal } : {};
      const resumeAt = options.nextLink ?? null;
      for await (const page of pages(reader, path, { ...read, resumeAt })) {
        yield policyPage(page, policyType, seen);
      }
      return;
    } catch (error) {
      if (!isRefusal(error) || seen.size > 0 || query === null) throw error;
    }
  }
}

/**
 * Returns the queries to try, richest first. A cloud with an unknown property or expansion rejects the query; only a
 * rejection of the plainest query means the type itself is unavailable.
 */
function queriesFor(policyType: PolicyType, options: ListPoliciesOptions): (string | null)[] {
  // A nextLink already contains its query.
  if (options.nextLink) return [null];
  const { query } = policyType.list;
  if (options.assignments !== 'expand') return [...new Set([query, null])];
  const expansions = listExpansions(policyType);
  const assignments = expansions.filter((clause) => clause === policyType.assignments?.path);
  return [...new Set([queryWith(query, expansions), queryWith(query, assignments), query, null])];
}

function policyPage(page: GraphPage, policyType: PolicyType, seen: Set<string>): PolicyPage {
  const policies: ListedPolicy[] = [];
  const builtInIds: string[] = [];
  for (const [index, element] of page.elements.entries()) {
    const id = isJsonObject(element) ? memberOf(element, 'id') : undefined;
    if (!isJsonObject(element) || !isGraphId(id)) {
      throw new GraphError({
        kind: 'invalid_response',
        code: 'bad_object_id',
        status: 200,
        requestId: page.requestId,
      });
    }
    if (seen.has(id)) continue;
    seen.add(id);
    if (isBuiltIn(element, policyType)) builtInIds.push(id);
    else policies.push(listedPolicy(element, page.slices[index] ?? '', id, policyType));
  }
  return { policies, builtInIds, nextLink: page.nextLink };
}

/** Ignores an expansion that Graph may have truncated. */
function listedPolicy(
  element: JsonObject,
  slice: string,
  id: string,
  policyType: PolicyType,
): ListedPolicy {
  const expanded = (name: string): Expansion | null => {
    const found = expansionOf(element, slice, name, null);
    return found?.whole ? found : null;
  };
  const text = withoutExpansions(policyType, slice);
  const assigned = policyType.assignments;
  const assignments = assigned === null ? null : expanded(assigned.path);
  const isWhole =
    policyType.incremental.by === 'wholeEntry' && (assigned === null || assignments !== null);
  const parts = { object: element, text: slice, children: [], assignments };
  return {
    ...policyFacts(element, id, policyType),
    revision: revisionOf(policyType, element, text, ({ name }) => expanded(name)?.slices ?? null),
    assignmentsHash: assignmentsHashOf(policyType, assignments?.slices ?? null),
    capture: isWhole ? () => assemblePolicy(policyType, id, parts, 0) : null,
  };
}
