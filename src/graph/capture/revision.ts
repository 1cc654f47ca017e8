import { createHash } from 'node:crypto';
import { canonicalForm } from '#domain/json/canonical-form.ts';
import { withoutMembers } from '#domain/json/json-slices.ts';
import { isAnnotation } from '#domain/json/odata-annotation.ts';
import type { ChildCollection, PolicyType } from '#domain/policy-types/policy-type.ts';
import { memberOf, stringMember, type JsonObject } from '#graph/port/parse-answer.ts';
import { elementSetHash } from './element-set-hash.ts';

/**
 * Takes a type, an object of a list or of a single read with its text, expansions cut out, and the parts that lists
 * expand. Returns a text that is another one whenever the policy's content has changed; null when nothing tells.
 */
export function revisionOf(
  policyType: PolicyType,
  object: JsonObject,
  text: string,
  slicesOf: (child: ChildCollection) => readonly string[] | null,
): string | null {
  const { incremental, children } = policyType;
  if (incremental.by === 'alwaysRead') return null;
  const present = children.filter(({ when }) => when === null || holds(object, when));
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

/** Graph's "never" is the year 1. */
function isTime(text: string | null): boolean {
  return text !== null && !text.startsWith('0001-') && !Number.isNaN(Date.parse(text));
}

function textHash(text: string): string {
  return createHash('sha256')
    .update(canonicalForm(withoutMembers(text, isAnnotation)))
    .digest('hex');
}

/** Takes an object and a rule, and says whether the rule holds for it. */
export function holds(
  object: JsonObject,
  rule: { readonly property: string; readonly equals: boolean | string | number },
): boolean {
  return memberOf(object, rule.property) === rule.equals;
}

const noElementsHash = elementSetHash([]);

/**
 * Takes a type and the texts of a policy's assignments, null when not all are known, and returns their hash; null for
 * the unknown. What is never assigned has the hash of no assignments.
 */
export function assignmentsHashOf(
  policyType: PolicyType,
  slices: readonly string[] | null,
): string | null {
  if (policyType.assignments === null) return noElementsHash;
  return slices === null ? null : elementSetHash(slices);
}
