import type { PolicyType } from '#domain/policy-types/policy-type.ts';
import type { JsonObject } from '#graph/port/parse-answer.ts';
import type { CapturedChild } from './capture-children.ts';
import { arrayText, type CapturedCollection } from './capture-parts.ts';
import { referencesOf } from './capture-references.ts';
import { captureWarnings } from './capture-warnings.ts';
import type { CapturedPolicy } from './captured-policy.ts';
import { isExpansion, withoutExpansions } from './expansion.ts';
import { policyFacts } from './policy-facts.ts';
import { assignmentsHashOf, revisionOf } from './revision.ts';

/** The parts of one policy, as read from Graph. */
export interface PolicyParts {
  /** The item with its expansions: parsed, and in Graph's own text. */
  readonly object: JsonObject;
  readonly text: string;
  readonly children: readonly CapturedChild[];
  /** Null if the capture omitted them. */
  readonly assignments: CapturedCollection | null;
}

/**
 * Assembles a policy from its parts: cuts the expansions out of the item, collects its references, and decides if it
 * is complete.
 * @param requests number of answers read for it.
 */
export function assemblePolicy(
  policyType: PolicyType,
  graphId: string,
  { object, text, children, assignments }: PolicyParts,
  requests: number,
): CapturedPolicy {
  const itemText = withoutExpansions(policyType, text);
  const item = Object.fromEntries(
    Object.entries(object).filter(([key]) => !isExpansion(policyType, key)),
  );
  const members = children.flatMap((child) => child.members);
  const parts = {
    item,
    children: Object.fromEntries(members.map(({ name, value }) => [name, value])),
    assignments: assignments?.elements ?? [],
  };
  const warnings = [
    ...children.flatMap((child) => child.warnings),
    ...captureWarnings(policyType, [parts.item, parts.children]),
  ];
  return {
    ...policyFacts(item, graphId, policyType),
    revision: revisionOf(
      policyType,
      item,
      itemText,
      ({ name }) => children.find(({ child }) => child.name === name)?.own?.slices ?? null,
    ),
    assignmentsHash: assignmentsHashOf(policyType, assignments?.slices ?? null),
    document: documentText(itemText, members, assignments),
    references: referencesOf(policyType, parts),
    requests,
    warnings,
    // Graph withholds secrets from every reader, so a masked secret leaves a policy complete.
    complete: warnings.every(({ code }) => code === 'secret_masked'),
  };
}

function documentText(
  itemText: string,
  members: readonly { name: string; text: string }[],
  assignments: CapturedCollection | null,
): string {
  const children = members.map(({ name, text }) => `${JSON.stringify(name)}:${text}`).join(',');
  const assigned = assignments === null ? 'null' : arrayText(assignments.slices);
  return `{"item":${itemText},"children":{${children}},"assignments":${assigned}}`;
}
