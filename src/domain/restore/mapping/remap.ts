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
  /** The tenant's group for a group of the source; the id is in lower case. */
  readonly groupOf: (sourceGroupId: string) => string | null;
  readonly allowBroadAssignments: boolean;
  /**
   * True if the object's content still equals the backup's. It then needs no counterparts: ids stay even if their
   * objects are gone.
   */
  readonly isAsBackedUp: boolean;
  /** True if the restore writes this type's assignments. */
  readonly withAssignments: boolean;
}

export interface Remapped {
  /** The document with the tenant's ids. An id without a counterpart is left out; it stays in a blocked item. */
  readonly document: PolicyDocument;
  readonly findings: Findings;
  /** True if the backup's assignments would reach other people. The document then has none. */
  readonly assignmentsBlocked: boolean;
}

/**
 * Replaces every id of the source in a backup's document with the id of its counterpart in the tenant. It touches only
 * the places of the type's rules: an id in a script or a description is text.
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
  // Users belong to their tenant; administrators cannot map them.
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
