import { sameId } from '#domain/identity/graph-id.ts';
import type { PolicyType, ReferenceRule } from '#domain/policy-types/policy-type.ts';
import {
  type JsonHolder,
  placesOf,
  referenceIn,
  scopeTagRules,
} from '#domain/policy-types/reference-rules.ts';
import { createdIdPlaceholder, type ResolvedReference } from '#domain/restore/plan.ts';
import type { PolicyDocument } from '#domain/json/policy-document.ts';
import type { Findings } from './findings.ts';

/** Takes a type and an id of the source in lower case, and returns what stands for that object in the tenant. */
export type Resolve = (policyType: string, sourceGraphId: string) => ResolvedReference;

/** What a policy is tagged with where none of its tags is there: every tenant has the default one. */
const defaultScopeTags = ['0'];

/** What the replacement of one id depends on. */
interface Looking {
  readonly resolve: Resolve;
  /** Whether the object names the same ids at this moment; see RemapInput. */
  readonly isAsBackedUp: boolean;
  readonly findings: Findings;
}

/**
 * Replaces the ids of other policies in the item and its children, in place. A scope tag that the tenant does not have
 * is left out; anything else that it does not have blocks the item, and the id stays as it was.
 */
export function remapReferences(
  document: PolicyDocument,
  policyType: PolicyType,
  looking: Looking,
): void {
  const rules = [...policyType.references, ...scopeTagRules];
  for (const { holder, property, rules: fitting } of placesByRules(document, rules)) {
    const value = holder[property];
    const mapped = (text: unknown): unknown[] =>
      typeof text === 'string' ? remapText(text, fitting, looking) : [text];
    if (!Array.isArray(value)) {
      holder[property] = mapped(value)[0] ?? null;
      continue;
    }
    const left = [...new Set(value.flatMap(mapped))];
    const isBare = left.length === 0 && value.length > 0 && fitting.every(isScopeTagRule);
    holder[property] = isBare ? defaultScopeTags : left;
  }
}

const isScopeTagRule = (rule: ReferenceRule) => scopeTagRules.includes(rule);

interface RuledPlace {
  readonly holder: JsonHolder;
  readonly property: string;
  readonly rules: ReferenceRule[];
}

/** Each place once, since what has been replaced would not be found a second time. */
function placesByRules(document: PolicyDocument, rules: readonly ReferenceRule[]): RuledPlace[] {
  const places = new Map<JsonHolder, Map<string, RuledPlace>>();
  for (const rule of rules) {
    for (const { holder, property } of placesOf(document, rule)) {
      const ofHolder = places.get(holder) ?? new Map<string, RuledPlace>();
      places.set(holder, ofHolder);
      const known = ofHolder.get(property);
      if (known === undefined) ofHolder.set(property, { holder, property, rules: [rule] });
      else known.rules.push(rule);
    }
  }
  return [...places.values()].flatMap((ofHolder) => [...ofHolder.values()]);
}

/** Where several types may stand, the one that the tenant has is meant. Returns nothing for what is left out. */
function remapText(
  text: string,
  rules: readonly ReferenceRule[],
  { resolve, isAsBackedUp, findings }: Looking,
): string[] {
  const references = rules.flatMap((rule) => {
    const reference = referenceIn(text, rule.prefixes);
    return reference === null ? [] : [{ ...reference, rule }];
  });
  for (const { id, prefix, rule } of references) {
    const graphId = resolvedId(rule.policyType, id, resolve, findings);
    if (graphId !== null) return [prefix + graphId];
  }
  const [first] = references;
  if (first === undefined) return [text];
  const { id, rule } = first;
  findings.refer(rule.policyType, id, { kind: 'missing' });
  if (isScopeTagRule(rule)) {
    if (isAsBackedUp) return [text];
    findings.warn('scope_tag_unmapped', `The tenant has no scope tag for ${id}; it is left out.`);
    return [];
  }
  findings.block('reference_missing', `${rule.policyType} ${id}`);
  return [text];
}

/**
 * The id that stands for one of the source, or the placeholder of one that is still to be made; null where there is
 * none, which is not yet a finding. What is the same but for upper and lower case stays as it was written.
 */
export function resolvedId(
  policyType: string,
  sourceGraphId: string,
  resolve: Resolve,
  findings: Findings,
): string | null {
  const resolved = resolve(policyType, sourceGraphId.toLowerCase());
  if (resolved.kind === 'missing') return null;
  findings.refer(policyType, sourceGraphId, resolved);
  if (resolved.kind === 'planned') return createdIdPlaceholder(resolved.itemId);
  return sameId(resolved.graphId, sourceGraphId) ? sourceGraphId : resolved.graphId;
}
