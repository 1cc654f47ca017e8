import { sameId } from '#domain/identity/graph-id.ts';
import type { Parsed } from '#domain/json/json-literals.ts';
import { isParsedObject, ownMember } from '#domain/json/parsed-object.ts';
import type { GroupIdRule, PolicyType } from '#domain/policy-types/policy-type.ts';
import { placesOf } from '#domain/policy-types/reference-rules.ts';
import type { PolicyDocument } from '#domain/json/policy-document.ts';
import type { Findings } from './findings.ts';

/** Takes an id in lower case and returns the id that stands for it in the tenant, null where none does. */
export type MemberOf = (kind: GroupIdRule['kind'], sourceId: string) => string | null;

/** What the replacement of one id depends on. */
interface Looking {
  readonly memberOf: MemberOf;
  /** Whether the object names the same ids at this moment; see RemapInput. */
  readonly isAsBackedUp: boolean;
  readonly findings: Findings;
}

/** Ids of groups and users; words such as `All` or `GuestsOrExternalUsers` stand beside them. */
const guid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Replaces the ids of groups and users that a policy names outside of its assignments, in place. One that nothing stands
 * for is left out, or blocks the item where it narrows whom the policy reaches.
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
  findings.warn('group_unmapped', `Nothing stands for the ${where}; it is left out.`);
  return [];
}

/** The users of a conditional access policy; no other type has any. */
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

/** Graph takes no conditional access policy that names nobody, but for the word that says so. */
function makeForNobody(document: PolicyDocument): void {
  const users = usersOf(document);
  if (users !== null) users['includeUsers'] = ['None'];
}
