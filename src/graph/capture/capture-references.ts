import { policyKey } from '#domain/identity/graph-id.ts';
import type { PolicyType } from '#domain/policy-types/policy-type.ts';
import {
  filterRule,
  placesOf,
  referenceIn,
  scopeTagRules,
  textsAt,
} from '#domain/policy-types/reference-rules.ts';
import type { JsonObject } from '#graph/port/parse-answer.ts';
import type { PolicyReference } from './captured-policy.ts';

/** The parsed parts of a captured policy, by the names that a snapshot gives them. */
export interface ParsedParts extends JsonObject {
  readonly item: JsonObject;
  readonly children: JsonObject;
  readonly assignments: readonly unknown[];
}

/**
 * Takes a type and the parts of a policy, and returns the other policies that it names, each once. Whether there are
 * such policies is not asked.
 */
export function referencesOf(policyType: PolicyType, parts: ParsedParts): PolicyReference[] {
  const found = new Map<string, PolicyReference>();
  for (const rule of [...policyType.references, ...scopeTagRules, filterRule]) {
    for (const text of placesOf(parts, rule).flatMap(textsAt)) {
      const graphId = referenceIn(text, rule.prefixes)?.id;
      if (graphId === undefined) continue;
      found.set(policyKey(rule.policyType, graphId), { policyType: rule.policyType, graphId });
    }
  }
  return [...found.values()];
}
