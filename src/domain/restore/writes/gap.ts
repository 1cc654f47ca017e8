import { foldNested } from '#domain/diff/fold-nested.ts';
import { diffRulesOf } from '#domain/diff/rules.ts';
import { NumberLiteral, type Parsed } from '#domain/json/json-literals.ts';
import { isParsedObject, ownMember, type ParsedObject } from '#domain/json/parsed-object.ts';
import type { PolicyType } from '#domain/policy-types/policy-type.ts';
import type { PropertyEquals } from '#domain/policy-types/property-equals.ts';
import type { RestoreRule } from '#domain/policy-types/restore-rule.ts';
import type { PolicyDocument } from '#domain/json/policy-document.ts';
import { type Compare, createCompare } from './compare.ts';

/** The desired and the live state of an object, with everything needed to compute the requests between them. */
export interface Gap {
  readonly type: PolicyType;
  readonly rule: RestoreRule;
  readonly compare: Compare;
  readonly desired: PolicyDocument;
  readonly live: PolicyDocument;
  /** True for an object that every tenant has. */
  readonly inPlace: boolean;
  /** The path of the object, under the version. */
  readonly path: string;
}

/** Builds the gap, with nested collections folded into their elements. */
export function createGap(
  type: PolicyType,
  rule: RestoreRule,
  desired: PolicyDocument,
  live: PolicyDocument,
): Gap {
  const { nested } = diffRulesOf(type.type);
  const folded = (document: PolicyDocument): PolicyDocument => {
    const children = foldNested(document.children, nested);
    return { ...document, children: isParsedObject(children) ? children : {} };
  };
  return {
    type,
    rule,
    compare: createCompare(type.type),
    desired: folded(desired),
    live: folded(live),
    inPlace: [desired, live].some(({ item }) => holds(item, rule.inPlaceWhen)),
    path: `${type.collection}/{id}`,
  };
}

/** True if the object fulfils the condition. */
export function holds(object: ParsedObject, rule: PropertyEquals | null): boolean {
  if (rule === null) return false;
  const value = ownMember(object, rule.property);
  return (value instanceof NumberLiteral ? Number(value.source) : value) === rule.equals;
}

/** A child with the shape of a list; null if the document does not know it. */
export function listOf({ children }: PolicyDocument, child: string): readonly Parsed[] | null {
  const value = ownMember(children, child);
  return Array.isArray(value) ? value : null;
}

/** The id of an object; empty without one. */
export function idOf(value: Parsed): string {
  const id = isParsedObject(value) ? ownMember(value, 'id') : undefined;
  return typeof id === 'string' ? id : '';
}
