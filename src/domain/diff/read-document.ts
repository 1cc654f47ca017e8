import { assertJsonBounds, documentBounds } from '#domain/json/json-bounds.ts';
import { parseLiterals } from '#domain/json/json-literals.ts';
import { isParsedObject, type ParsedObject } from '#domain/json/parsed-object.ts';
import { foldNested } from './fold-nested.ts';
import { type ObjectNode, type Reading, toNode } from './node.ts';
import type { DiffRules } from './rules.ts';

/**
 * Takes the text of a snapshot and returns it as a diff sees it.
 * Throws JsonTextError for what is nested too deeply, SyntaxError for what is no snapshot.
 */
export function readDocument(text: string, rules: NestedRules, reading: Reading): ObjectNode {
  assertJsonBounds(text, documentBounds);
  const parsed = parseLiterals(text);
  if (!isParsedObject(parsed)) throw new SyntaxError('a snapshot is an object');
  return documentNode(parsed, rules, reading);
}

/** The same for a snapshot that has been parsed; its depth is bounded. */
export function documentNode(
  parsed: ParsedObject,
  rules: NestedRules,
  reading: Reading,
): ObjectNode {
  const children = foldNested(parsed['children'] ?? null, rules.nested);
  const document = toNode({ ...parsed, children }, [], reading);
  if (document.kind !== 'object') throw new SyntaxError('a snapshot is an object');
  return document;
}

type NestedRules = Pick<DiffRules, 'nested'>;
