import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { compileRules } from '#domain/diff/compiled-rules.ts';
import { contentText } from '#domain/diff/content-text.ts';
import { createForms } from '#domain/diff/node.ts';
import { documentNode } from '#domain/diff/document-node.ts';
import { diffRulesOf } from '#domain/diff/rules.ts';
import { withoutKeys } from '#domain/json/parsed-object.ts';
import type { PolicyDocument } from '#domain/json/policy-document.ts';
import type { PolicyType } from '#domain/policy-types/policy-type.ts';
import { comparableAssignments } from './direct-assignments.ts';

/**
 * SHA-256, lower-case hex, over the compared content of a document: two documents have the same hash exactly if a diff
 * finds nothing between them. Assignments inherited from policy sets do not count, nor do priorities: Graph moves them
 * when a neighbour's is set.
 */
export function comparableHash(
  { item, children, assignments }: PolicyDocument,
  policyType: PolicyType,
): string {
  const isOrdered = policyType.restore?.steps.some(({ step }) => step === 'setPriority') ?? false;
  const own = {
    item: isOrdered ? withoutKeys(item, (key) => key === 'priority') : item,
    children,
    assignments: assignments === null ? null : comparableAssignments(assignments),
  };
  const rules = diffRulesOf(policyType.type);
  const reading = { ...compileRules(rules), formOf: createForms() };
  return bytesToHex(sha256(utf8ToBytes(contentText(documentNode(own, rules, reading)))));
}
