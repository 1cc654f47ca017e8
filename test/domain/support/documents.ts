import { parseLiterals } from '#domain/json/json-literals.ts';
import { parseDocument, type PolicyDocument } from '#domain/json/policy-document.ts';
import { findPolicyType } from '#domain/policy-types/catalogue.ts';
import type { PolicyType } from '#domain/policy-types/policy-type.ts';
import { sampleOf } from '#test/graph/support/samples.ts';

/** A snapshot's document in a test. */
export interface TestDocument {
  readonly item: Record<string, unknown>;
  readonly children: Record<string, unknown>;
  readonly assignments: Record<string, unknown>[] | null;
}

/** The entry of an existing type. */
export function typeOf(type: string): PolicyType {
  const found = findPolicyType(type);
  if (found === undefined) throw new Error(`there is no type ${type}`);
  return found;
}

/**
 * The document that a capture of a type's sample gives: children beside the item, nested ones by their parents' ids.
 */
export function sampleDocument(type: string): TestDocument {
  const { assignments, ...item } = structuredClone(sampleOf(type).body);
  const children: Record<string, unknown> = {};
  for (const child of typeOf(type).children) {
    const value = item[child.name] ?? null;
    delete item[child.name];
    if (child.when !== null && item[child.when.property] !== child.when.equals) continue;
    children[child.name] = child.shape === 'collection' ? (value ?? []) : value;
    for (const nested of child.each) children[nested.name] = unfolded(value, nested.name);
  }
  const known = typeOf(type).assignments === null ? [] : (assignments ?? []);
  return { item, children, assignments: known as Record<string, unknown>[] };
}

/** Moves nested parts beside their elements; if a part is missing, the element itself is its details. */
function unfolded(elements: unknown, name: string): Record<string, unknown> {
  const list = Array.isArray(elements) ? (elements as Record<string, unknown>[]) : [];
  return Object.fromEntries(
    list.map((element) => {
      const inner = element[name];
      delete element[name];
      return [String(element['id']), inner ?? structuredClone(element)];
    }),
  );
}

/** A document with only the given parts. */
export function documentOf(parts: Partial<TestDocument>): PolicyDocument {
  return parseDocument(JSON.stringify({ item: {}, children: {}, assignments: [], ...parts }));
}

/** The content of a document for comparisons, numbers as literals. */
export function parsed(text: string): unknown {
  return parseLiterals(text);
}
