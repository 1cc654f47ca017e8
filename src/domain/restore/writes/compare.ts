import { compileRules } from '#domain/diff/compiled-rules.ts';
import { createForms, toNode } from '#domain/diff/node.ts';
import { diffRulesOf } from '#domain/diff/rules.ts';
import type { Parsed } from '#domain/json/json-literals.ts';
import { jsonText } from '#domain/json/json-text.ts';
import { isParsedObject, ownMember } from '#domain/json/parsed-object.ts';

/** Parts of a policy in a diff's eyes. `names` are those that lead to a part from the document down. */
export interface Compare {
  /** A number that two parts of one place share exactly when a diff finds nothing between them. */
  readonly formOf: (names: readonly string[], value: Parsed) => number;
  /** Whether a diff finds nothing between them; what is not there is null. */
  readonly same: (
    names: readonly string[],
    one: Parsed | undefined,
    other: Parsed | undefined,
  ) => boolean;
  /** A part without annotations and without what diffs leave out: what Graph computes is not written either. */
  readonly content: (names: readonly string[], value: Parsed) => Parsed;
  /** What identifies an element of the list there, as people would say it. */
  readonly keyOf: (names: readonly string[], element: Parsed) => string;
}

/** Takes the key of a policy type. */
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
    // What is about to be made shares its parts with what is wanted; a look at each would be most of a plan's time.
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
