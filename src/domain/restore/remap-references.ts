import type { PolicyType, ReferenceRule } from '../policy-types/policy-type.ts';
import {
  type JsonHolder,
  placesOf,
  referenceIn,
  scopeTagRules,
} from '../policy-types/reference-rules.ts';
import type { Findings } from './findings.ts';
import { createdIdPlaceholder, type ResolvedReference } from './plan.ts';
import type { PolicyDocument } from './policy-document.ts';

/** Takes a type and an id of the source in lower case, and returns what stands for that object in the tenant. */
export type Resolve = (policyType: string, sourceGraphId: string) => ResolvedReference;

/** What a policy is tagged with where none of its tags is there: every tenant has the default one. */
const defaultScopeTags = ['0'];

/**
 * Replaces the ids of other policies in the item and its children, in place. A scope tag that the tenant does not have
 * is left out; anything else that it does not have blocks the item, and the id stays as it was.
 */
export function remapReferences(
  document: PolicyDocument,
  policyType: PolicyType,
  resolve: Resolve,
  findings: Findings,
): void {
  const scopeTags = new Set(scopeTagRules);
  const rules = [...policyType.references, ...scopeTagRules];
  for (const { holder, property, rules: fitting } of placesByRules(document, rules)) {
    const isScopeTag = fitting.some((rule) => scopeTags.has(rule));
    const mapped = (text: unknown): unknown => {
      if (typeof text !== 'string') return [text];
      const found = remapText(text, fitting, resolve, findings);
      if (found.missing === null) return [found.text];
      const { policyType: missingType, id } = found.missing;
      if (isScopeTag) {
        findings.warn(
          'scope_tag_unmapped',
          `The tenant has no scope tag for ${id}; it is left out.`,
        );
        return [];
      }
      findings.block('reference_missing', `${missingType} ${id}`);
      return [text];
    };
    const value = holder[property];
    if (!Array.isArray(value)) {
      const [only] = [mapped(value)].flat();
      holder[property] = only ?? null;
      continue;
    }
    const left = [...new Set(value.flatMap(mapped))];
    holder[property] =
      isScopeTag && left.length === 0 && value.length > 0 ? defaultScopeTags : left;
  }
}

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

interface RemappedText {
  readonly text: string;
  readonly missing: { readonly policyType: string; readonly id: string } | null;
}

/** Where several types may stand, the one that the tenant has is meant. */
function remapText(
  text: string,
  rules: readonly ReferenceRule[],
  resolve: Resolve,
  findings: Findings,
): RemappedText {
  let missing: RemappedText['missing'] = null;
  for (const { prefixes, policyType } of rules) {
    const reference = referenceIn(text, prefixes);
    if (reference === null) continue;
    const graphId = resolvedId(policyType, reference.id, resolve, findings);
    if (graphId !== null) return { text: reference.prefix + graphId, missing: null };
    missing ??= { policyType, id: reference.id };
  }
  return { text, missing };
}

/**
 * The id that stands for one of the source, or the placeholder of one that is still to be made; null where there is
 * none. What is the same but for upper and lower case stays as it was written.
 */
export function resolvedId(
  policyType: string,
  sourceGraphId: string,
  resolve: Resolve,
  findings: Findings,
): string | null {
  const resolved = resolve(policyType, sourceGraphId.toLowerCase());
  findings.refer(policyType, sourceGraphId, resolved);
  if (resolved.kind === 'missing') return null;
  if (resolved.kind === 'planned') return createdIdPlaceholder(resolved.itemId);
  return sameId(resolved.graphId, sourceGraphId) ? sourceGraphId : resolved.graphId;
}

/** Ids of Graph do not differ by upper and lower case. */
export function sameId(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
