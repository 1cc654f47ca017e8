import { foldNested } from '#domain/diff/fold-nested.ts';
import { diffRulesOf } from '#domain/diff/rules.ts';
import { NumberLiteral, type Parsed } from '#domain/json/json-literals.ts';
import { isParsedObject, ownMember, type ParsedObject } from '#domain/json/parsed-object.ts';
import type { PolicyType } from '#domain/policy-types/policy-type.ts';
import type { PropertyEquals } from '#domain/policy-types/property-equals.ts';
import type { RestoreRule } from '#domain/policy-types/restore-rule.ts';
import type { PolicyDocument } from '#domain/json/policy-document.ts';
import { type Compare, createCompare } from './compare.ts';

/** What is wanted of an object and what there is of it, and all that it takes to say what lies between. */
export interface Gap {
  readonly type: PolicyType;
  readonly rule: RestoreRule;
  readonly compare: Compare;
  readonly desired: PolicyDocument;
  readonly live: PolicyDocument;
  /** An object that every tenant has, and that is the tenant's. */
  readonly inPlace: boolean;
  /** Of the object, under the version. */
  readonly path: string;
}

/** Takes both documents, and returns the gap with nested collections folded into the elements that they belong to. */
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

/** Whether an object has the property with that value. */
export function holds(object: ParsedObject, rule: PropertyEquals | null): boolean {
  if (rule === null) return false;
  const value = ownMember(object, rule.property);
  return (value instanceof NumberLiteral ? Number(value.source) : value) === rule.equals;
}

/** A child that is a list; null where the document does not know of it. */
export function listOf({ children }: PolicyDocument, child: string): readonly Parsed[] | null {
  const value = ownMember(children, child);
  return Array.isArray(value) ? value : null;
}

/** The id of an object that Graph gave one; empty where it has none. */
export function idOf(value: Parsed): string {
  const id = isParsedObject(value) ? ownMember(value, 'id') : undefined;
  return typeof id === 'string' ? id : '';
}
