import { createHash } from 'node:crypto';
import { canonicalForm } from '#domain/json/canonical-form.ts';
import { withoutMembers } from '#domain/json/json-slices.ts';
import { isAnnotation } from '#domain/json/odata-annotation.ts';
import type { ChildCollection, PolicyType } from '#domain/policy-types/policy-type.ts';
import { memberOf, stringMember, type JsonObject } from '#graph/port/parse-answer.ts';
import { elementSetHash } from './element-set-hash.ts';

/**
 * Returns a text that changes with the policy's content; null if the type gives no proof of a change.
 * @param object from a list or a single read.
 * @param text of the object, without its expansions.
 * @param slicesOf returns the elements of a child that lists expand; null if they are unknown.
 */
export function revisionOf(
  policyType: PolicyType,
  object: JsonObject,
  text: string,
  slicesOf: (child: ChildCollection) => readonly string[] | null,
): string | null {
  const { incremental, children } = policyType;
  if (incremental.by === 'alwaysRead') return null;
  const present = children.filter(({ when }) => when === null || matchesRule(object, when));
  if (present.some(({ datesItem, expand }) => !datesItem && !expand?.inList)) return null;
  if (incremental.by === 'wholeEntry') return textHash(text);
  const [time = '', ...others] = incremental.properties;
  if (!isTime(stringMember(object, time))) return null;
  const parts: unknown[] = [time, ...others].map((name) => memberOf(object, name) ?? null);
  for (const child of present) {
    if (!child.expand?.inList) continue;
    const slices = slicesOf(child);
    if (slices === null) return null;
    parts.push(elementSetHash(slices));
  }
  return JSON.stringify(parts);
}

/** Graph writes "never" as the year 1. */
function isTime(text: string | null): boolean {
  return text !== null && !text.startsWith('0001-') && !Number.isNaN(Date.parse(text));
}

function textHash(text: string): string {
  return createHash('sha256')
    .update(canonicalForm(withoutMembers(text, isAnnotation)))
    .digest('hex');
}

/** True if the object's property has the rule's value. */
export function matchesRule(
  object: JsonObject,
  rule: { readonly property: string; readonly equals: boolean | string | number },
): boolean {
  return memberOf(object, rule.property) === rule.equals;
}

const noElementsHash = elementSetHash([]);

/**
 * Hashes a policy's assignments; null if not all are known. A type without assignments gets the hash of the empty
 * set.
 */
export function assignmentsHashOf(
  policyType: PolicyType,
  slices: readonly string[] | null,
): string | null {
  if (policyType.assignments === null) return noElementsHash;
  return slices === null ? null : elementSetHash(slices);
}
