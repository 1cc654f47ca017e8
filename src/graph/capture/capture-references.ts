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

/** The parsed parts of a captured policy, named as in a snapshot. */
export interface ParsedParts extends JsonObject {
  readonly item: JsonObject;
  readonly children: JsonObject;
  readonly assignments: readonly unknown[];
}

/** Returns the other policies named in a policy, each once. They may not exist. */
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
