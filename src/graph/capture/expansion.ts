import { arrayElementSlices, withoutMembers } from '#domain/json/json-slices.ts';
import type { PolicyType } from '#domain/policy-types/policy-type.ts';
import { memberOf, type JsonObject } from '#graph/port/parse-answer.ts';
import type { CapturedCollection } from './capture-parts.ts';

// Graph may cut an expansion off without a nextLink. The cut falls on a page size: 20, 25, 100, 999.
const smallestPage = 20;
const pageStep = 5;
const oddPage = 999;

/** Returns the `$expand` clauses for the read of one item. */
export function itemExpansions(policyType: PolicyType, withAssignments: boolean): string[] {
  const children = policyType.children.flatMap(({ expand }) => (expand ? [expand.clause] : []));
  const assignments = policyType.assignments;
  if (!withAssignments || assignments === null || !assignments.expandInItem) return children;
  return [...children, assignments.path];
}

/** Returns the `$expand` clauses for a list: only those needed to detect a change. */
export function listExpansions({ assignments, children }: PolicyType): string[] {
  const changing = children.flatMap(({ expand }) => (expand?.inList ? [expand.clause] : []));
  return assignments?.expandInList ? [...changing, assignments.path] : changing;
}

/** Adds `$expand` clauses to a query without its question mark. */
export function queryWith(query: string | null, expansions: readonly string[]): string | null {
  const expand = expansions.length > 0 ? [`$expand=${expansions.join(',')}`] : [];
  const parts = query === null ? expand : [query, ...expand];
  return parts.length > 0 ? parts.join('&') : null;
}

/** True if a member is an expansion, or Graph's annotation of one. */
export function isExpansion({ assignments, children }: PolicyType, key: string): boolean {
  const name = key.split('@')[0];
  return (
    name === assignments?.path || children.some((child) => child.expand && child.name === name)
  );
}

/** Cuts the expansions out of an object's text. */
export function withoutExpansions(policyType: PolicyType, text: string): string {
  return withoutMembers(text, (key) => isExpansion(policyType, key));
}

export interface Expansion extends CapturedCollection {
  /** False if Graph may have more elements. */
  readonly whole: boolean;
}

/**
 * Returns an expanded collection; null if the object does not contain it.
 * @param count Graph's own number of elements, if it gave one.
 */
export function expansionOf(
  object: JsonObject,
  text: string,
  name: string,
  count: number | null,
): Expansion | null {
  const elements = memberOf(object, name);
  const slices = arrayElementSlices(text, name);
  if (!Array.isArray(elements) || slices === null) return null;
  const proved = count === null ? !endsLikeAPage(elements.length) : count === elements.length;
  const cut = (memberOf(object, `${name}@odata.nextLink`) ?? null) !== null;
  return { elements, slices, whole: proved && !cut };
}

/** True if the length looks like a full page: then only a count or a second read can prove the end. */
function endsLikeAPage(length: number): boolean {
  return length >= smallestPage && (length % pageStep === 0 || length === oddPage);
}
