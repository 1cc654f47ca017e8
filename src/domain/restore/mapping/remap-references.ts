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

/** The tenant's counterpart of an object of the source; the id is in lower case. */
export type Resolve = (policyType: string, sourceGraphId: string) => ResolvedReference;

/** The tags of a policy if the tenant has none of its tags: every tenant has the default tag. */
const defaultScopeTags = ['0'];

/** Inputs for the replacement of one id. */
interface Looking {
  readonly resolve: Resolve;
  /** True if the object names the same ids at present; see RemapInput. */
  readonly isAsBackedUp: boolean;
  readonly findings: Findings;
}

/**
 * Replaces, in place, the ids of other policies in the item and its children. A scope tag without a counterpart is left
 * out. Any other missing object blocks the item, and the id stays.
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

/** Each place once: a second visit would not find the replaced id. */
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

/** If several types may stand at a place, the tenant's object decides. Returns an empty list for an omitted id. */
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
 * The counterpart of an id, or the placeholder of an object still to be created; null without a counterpart, which is
 * no finding yet. An id that differs only in case keeps its spelling.
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
