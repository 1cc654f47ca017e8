import type { PolicyDocument } from '#domain/json/policy-document.ts';
import { foldNested } from './fold-nested.ts';
import { objectNode, type ObjectNode, type Reading } from './node.ts';
import type { DiffRules } from './rules.ts';

/** The document as a diff compares it, nested collections folded into their elements. */
export function documentNode(
  { item, children, assignments }: PolicyDocument,
  { nested }: Pick<DiffRules, 'nested'>,
  reading: Reading,
): ObjectNode {
  const folded = {
    item,
    children: foldNested(children, nested),
    assignments: assignments === null ? null : [...assignments],
  };
  return objectNode(folded, [], reading);
}
