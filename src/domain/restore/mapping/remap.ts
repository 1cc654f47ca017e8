import type { PolicyType } from '#domain/policy-types/policy-type.ts';
import { copyOf } from '#domain/json/parsed-object.ts';
import type { PolicyDocument } from '#domain/json/policy-document.ts';
import { Findings } from './findings.ts';
import { remapAssignments } from './remap-assignments.ts';
import { remapMembers } from './remap-members.ts';
import { remapReferences, type Resolve } from './remap-references.ts';

export interface RemapInput {
  readonly policyType: PolicyType;
  /** The document of the backup. */
  readonly source: PolicyDocument;
  readonly sameTenant: boolean;
  readonly resolve: Resolve;
  /** Takes the id of a group of the source in lower case, and returns the tenant's group for it. */
  readonly groupOf: (sourceGroupId: string) => string | null;
  readonly allowBroadAssignments: boolean;
  /**
   * Whether the object's content is still the backup's. Then it needs nothing, not even what is there no more: ids that
   * would be left out stay.
   */
  readonly isAsBackedUp: boolean;
  /** Whether the type's assignments are written at all. */
  readonly withAssignments: boolean;
}

export interface Remapped {
  /** With the tenant's ids. What nothing stands for is left out, or stays as it was where the item is blocked. */
  readonly document: PolicyDocument;
  readonly findings: Findings;
  /** The backup's assignments cannot be written without reaching somebody else. Then the document has none. */
  readonly assignmentsBlocked: boolean;
}

/**
 * Takes the document of a backup and replaces, by the rules of its type, every id of the source with the id of what
 * stands for it in the tenant. Only places that a rule names are touched: an id in a script or a description is text.
 */
export function remap({
  policyType,
  source,
  sameTenant,
  resolve,
  groupOf,
  allowBroadAssignments,
  isAsBackedUp,
  withAssignments,
}: RemapInput): Remapped {
  const findings = new Findings();
  const document = { ...source, item: copyOf(source.item), children: copyOf(source.children) };
  remapReferences(document, policyType, { resolve, isAsBackedUp, findings });
  // Users are the tenant's own, and there is no mapping for them.
  const userOf = (id: string) => (sameTenant ? id : null);
  const memberOf = (kind: 'group' | 'user', id: string) => (kind === 'user' ? userOf : groupOf)(id);
  remapMembers(document, policyType, { memberOf, isAsBackedUp, findings });
  const known = withAssignments ? document.assignments : null;
  const mapping = { sameTenant, allowBroadAssignments, resolve, groupOf };
  const assignments = known === null ? null : remapAssignments(known, mapping, findings);
  return {
    document: { ...document, assignments },
    findings,
    assignmentsBlocked: known !== null && assignments === null,
  };
}
