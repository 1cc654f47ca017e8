import { diffDocuments } from '#domain/diff/diff.ts';
import { memberPath } from '#domain/diff/path.ts';
import { diffRulesOf } from '#domain/diff/rules.ts';
import { type Parsed, parseLiterals } from '#domain/json/json-literals.ts';
import { isParsedObject, withoutKeys } from '#domain/json/parsed-object.ts';
import type { PolicyType, SecretMarker } from '#domain/policy-types/policy-type.ts';
import { bearsMark, holdsMask, maskedPlaces } from '#domain/restore/masked-secrets.ts';
import type { PlannedWrite } from '#domain/restore/planned-write.ts';
import type { PolicyDocument } from '#domain/json/policy-document.ts';

/** The secret itself, and the id that changes with it. */
const ofSecret: ReadonlySet<string> = new Set(['value', 'secretReferenceValueId']);

/**
 * The places whose secrets the plan needs: every secret of a new object, every secret in the body of a request, and
 * every secret beside another change. If only the secret may differ, it stays: Graph does not reveal it.
 */
export function neededSecrets(
  policyType: PolicyType,
  desired: PolicyDocument,
  live: PolicyDocument | null,
  writes: readonly PlannedWrite[],
): string[] {
  const masked = maskedPlaces(desired, policyType);
  if (live === null || masked.length === 0) return masked;
  const sent = writes.some(
    ({ body }) => body !== null && holdsMask(parseLiterals(body), policyType),
  );
  return sent ? masked : masked.filter((place) => differs(place, policyType, desired, live));
}

/** True if a property or a child differs apart from its secrets. */
function differs(
  place: string,
  policyType: PolicyType,
  desired: PolicyDocument,
  live: PolicyDocument,
): boolean {
  const rules = diffRulesOf(policyType.type);
  const only = (document: PolicyDocument): PolicyDocument => {
    const part = (name: 'item' | 'children') =>
      withoutSecrets(
        withoutKeys(document[name], (key) => memberPath(name, key) !== place),
        rules.secretMarkers,
      );
    return { item: part('item'), children: part('children'), assignments: null };
  };
  return diffDocuments(only(live), only(desired), rules).length > 0;
}

function withoutSecrets<Value extends Parsed>(
  value: Value,
  markers: readonly SecretMarker[],
): Value;
function withoutSecrets(value: Parsed, markers: readonly SecretMarker[]): Parsed {
  if (Array.isArray(value)) return value.map((each) => withoutSecrets(each, markers));
  if (!isParsedObject(value)) return value;
  const kept = bearsMark(value, markers) ? withoutKeys(value, (key) => ofSecret.has(key)) : value;
  return Object.fromEntries(
    Object.entries(kept).map(([key, member]) => [key, withoutSecrets(member, markers)]),
  );
}
