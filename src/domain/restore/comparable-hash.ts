import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { compileRules } from '#domain/diff/compiled-rules.ts';
import { contentText } from '#domain/diff/content-text.ts';
import { createForms } from '#domain/diff/node.ts';
import { documentNode } from '#domain/diff/read-document.ts';
import { diffRulesOf } from '#domain/diff/rules.ts';
import { withoutKeys } from '#domain/json/parsed-object.ts';
import type { PolicyType } from '#domain/policy-types/policy-type.ts';
import { comparableAssignments } from './direct-assignments.ts';
import { parseDocument, type PolicyDocument } from './policy-document.ts';

/**
 * SHA-256, lower-case hex, of what a diff compares of a snapshot's document: two documents have the same exactly when
 * a diff of what is a policy's own finds nothing. What was inherited from policy sets is left out, and priorities, which
 * move when a neighbour's is set.
 * Throws JsonTextError for what is nested too deeply, SyntaxError for what is no document.
 */
export function comparableHash(document: string, policyType: PolicyType): string {
  return documentHash(parseDocument(document), policyType);
}

/** The same for a document that has been parsed. */
export function documentHash(
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
