import { arrayElementSlices, withoutMembers } from '#domain/json/json-slices.ts';
import type { PolicyType } from '#domain/policy-types/policy-type.ts';
import { memberOf, type JsonObject } from '#graph/port/parse-answer.ts';
import type { CapturedCollection } from './capture-parts.ts';

// An expansion that Graph cuts without a word ends where a page would, and its pages are round: 20, 25, 100, 999.
const smallestPage = 20;
const pageStep = 5;
const oddPage = 999;

/** Takes a type and returns the entries of `$expand` for its single read. */
export function itemExpansions(policyType: PolicyType, withAssignments: boolean): string[] {
  const children = policyType.children.flatMap(({ expand }) => (expand ? [expand.clause] : []));
  const assignments = policyType.assignments;
  if (!withAssignments || assignments === null || !assignments.expandInItem) return children;
  return [...children, assignments.path];
}

/** Takes a type and returns the entries of `$expand` for its list: what tells that a policy has changed. */
export function listExpansions({ assignments, children }: PolicyType): string[] {
  const changing = children.flatMap(({ expand }) => (expand?.inList ? [expand.clause] : []));
  return assignments?.expandInList ? [...changing, assignments.path] : changing;
}

/** Takes entries of `$expand` and a query without its question mark, and returns both as one. */
export function queryWith(query: string | null, expansions: readonly string[]): string | null {
  const expand = expansions.length > 0 ? [`$expand=${expansions.join(',')}`] : [];
  const parts = query === null ? expand : [query, ...expand];
  return parts.length > 0 ? parts.join('&') : null;
}

/** Takes a type and the key of a member, and says whether that was expanded, or is what Graph notes beside it. */
export function isExpansion({ assignments, children }: PolicyType, key: string): boolean {
  const name = key.split('@')[0];
  return (
    name === assignments?.path || children.some((child) => child.expand && child.name === name)
  );
}

/** Takes a type and the text of one of its objects, and returns the text without what was expanded in it. */
export function withoutExpansions(policyType: PolicyType, text: string): string {
  return withoutMembers(text, (key) => isExpansion(policyType, key));
}

export interface Expansion extends CapturedCollection {
  /** False when there may be more than this. */
  readonly whole: boolean;
}

/**
 * Takes an object, its text, and the name of what was expanded in it, and returns that; null when it is not there.
 * `count` is how many elements there are, where Graph has said so.
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

/** Whether there may be more than that many: only a count or a second look can tell then. */
function endsLikeAPage(length: number): boolean {
  return length >= smallestPage && (length % pageStep === 0 || length === oddPage);
}
