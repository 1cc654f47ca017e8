import { compileRules } from '#domain/diff/compiled-rules.ts';
import { createForms, toNode } from '#domain/diff/node.ts';
import { diffRulesOf } from '#domain/diff/rules.ts';
import type { Parsed } from '#domain/json/json-literals.ts';
import { jsonText } from '#domain/json/json-text.ts';
import { isParsedObject, ownMember } from '#domain/json/parsed-object.ts';

/** Compares parts of a policy as a diff does. `names` lead from the document down to a part. */
export interface Compare {
  /** A number that two parts of one place share exactly if a diff finds no difference. */
  readonly formOf: (names: readonly string[], value: Parsed) => number;
  /** True if a diff finds no difference; an absent part counts as null. */
  readonly same: (
    names: readonly string[],
    one: Parsed | undefined,
    other: Parsed | undefined,
  ) => boolean;
  /** A part without annotations and other ignored members: Graph computes these, so they are not written either. */
  readonly content: (names: readonly string[], value: Parsed) => Parsed;
  /** The readable identity of an element in the list at `names`. */
  readonly keyOf: (names: readonly string[], element: Parsed) => string;
}

export function createCompare(type: string): Compare {
  const rules = compileRules(diffRulesOf(type));
  const reading = { ...rules, formOf: createForms() };
  const content: Compare['content'] = (names, value) => {
    if (Array.isArray(value)) return value.map((element) => content(names, element));
    if (!isParsedObject(value)) return value;
    const kept = Object.entries(value).filter(([key]) => !rules.ignores([...names, key]));
    return Object.fromEntries(kept.map(([key, each]) => [key, content([...names, key], each)]));
  };
  const formOf: Compare['formOf'] = (names, value) => toNode(value, names, reading).form;
  return {
    content,
    formOf,
    // A new object shares its parts with the desired one; comparing each would take most of a plan's time.
    same: (names, one, other) =>
      one === other || formOf(names, one ?? null) === formOf(names, other ?? null),
    keyOf: (names, element) =>
      rules
        .keysAt(names)
        .map((path) => textAt(element, path))
        .filter((text) => text !== '')
        .join('+'),
  };
}

function textAt(element: Parsed, path: readonly string[]): string {
  const value = path.reduce<Parsed | undefined>(
    (at, name) => (isParsedObject(at) ? ownMember(at, name) : undefined),
    element,
  );
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : jsonText(value);
}
