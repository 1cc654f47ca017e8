import { sameId } from '#domain/identity/graph-id.ts';
import type { Parsed } from '#domain/json/json-literals.ts';
import { isParsedObject, ownMember } from '#domain/json/parsed-object.ts';
import type { GroupIdRule, PolicyType } from '#domain/policy-types/policy-type.ts';
import { placesOf } from '#domain/policy-types/reference-rules.ts';
import type { PolicyDocument } from '#domain/json/policy-document.ts';
import type { Findings } from './findings.ts';

/** The tenant's counterpart of an id in lower case; null if there is no counterpart. */
export type MemberOf = (kind: GroupIdRule['kind'], sourceId: string) => string | null;

/** Inputs for the replacement of one id. */
interface Looking {
  readonly memberOf: MemberOf;
  /** True if the object names the same ids at present; see RemapInput. */
  readonly isAsBackedUp: boolean;
  readonly findings: Findings;
}

/** Matches ids of groups and users; words such as `All` or `GuestsOrExternalUsers` may stand beside them. */
const guid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Replaces, in place, the ids of groups and users outside the assignments. An id without a counterpart is left out; it
 * blocks the item if it narrows the reach of the policy.
 */
export function remapMembers(
  document: PolicyDocument,
  policyType: PolicyType,
  looking: Looking,
): void {
  const wasForSomebody = reachesSomebody(document);
  for (const rule of policyType.groupIds) {
    for (const { holder, property } of placesOf(document, rule)) {
      const value = holder[property];
      const mapped = (text: unknown): unknown[] => remapMember(text, rule, looking);
      holder[property] = Array.isArray(value)
        ? [...new Set(value.flatMap(mapped))]
        : (mapped(value)[0] ?? null);
    }
  }
  if (wasForSomebody && !reachesSomebody(document)) makeForNobody(document);
}

function remapMember(
  text: unknown,
  { kind, within, property, whenUnmapped }: GroupIdRule,
  { memberOf, isAsBackedUp, findings }: Looking,
): unknown[] {
  if (typeof text !== 'string' || !guid.test(text)) return [text];
  const mapped = memberOf(kind, text.toLowerCase());
  if (mapped !== null) return [sameId(mapped, text) ? text : mapped];
  const where = `${kind} ${text} in ${within}.${property}`;
  if (whenUnmapped === 'block') {
    findings.block('group_unmapped', where);
    return [text];
  }
  if (isAsBackedUp) return [text];
  findings.warn(
    'group_unmapped',
    `The tenant has no counterpart for the ${where}; it is left out.`,
  );
  return [];
}

/** The users of a conditional access policy; other types have no such property. */
function usersOf({ item }: PolicyDocument) {
  const conditions = ownMember(item, 'conditions');
  const users = isParsedObject(conditions) ? ownMember(conditions, 'users') : undefined;
  return isParsedObject(users) ? users : null;
}

function reachesSomebody(document: PolicyDocument): boolean {
  const users = usersOf(document);
  if (users === null) return false;
  const names = ['includeUsers', 'includeGroups', 'includeRoles', 'includeGuestsOrExternalUsers'];
  return names.some((name) => holdsSomething(ownMember(users, name)));
}

function holdsSomething(value: Parsed | undefined): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== null && value !== undefined;
}

/** Graph refuses a conditional access policy without users unless it says `None`. */
function makeForNobody(document: PolicyDocument): void {
  const users = usersOf(document);
  if (users !== null) users['includeUsers'] = ['None'];
}
