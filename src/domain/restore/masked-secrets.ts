import { memberPath } from '#domain/diff/path.ts';
import { diffRulesOf } from '#domain/diff/rules.ts';
import type { Parsed } from '#domain/json/json-literals.ts';
import { isParsedObject, ownMember } from '#domain/json/parsed-object.ts';
import type { PolicyDocument } from '#domain/json/policy-document.ts';
import { secretMask } from '#domain/json/secret-mask.ts';
import { walkObjects } from '#domain/json/walk-objects.ts';
import type { PolicyType, SecretMarker } from '#domain/policy-types/policy-type.ts';

/**
 * True if a value contains a secret that Graph withheld: four asterisks, or an object with a marker of the type.
 * Written back, it would become a password of four asterisks or an unreadable token.
 */
export function holdsMask(value: Parsed, policyType: PolicyType): boolean {
  if (value === secretMask) return true;
  const markers = diffRulesOf(policyType.type).secretMarkers;
  for (const part of walkObjects([value])) {
    if (Object.values(part).includes(secretMask) || bearsMark(part as Parsed, markers)) return true;
  }
  return false;
}

/** True if an object has a marker of a secret. */
export function bearsMark(value: Parsed, markers: readonly SecretMarker[]): boolean {
  return (
    isParsedObject(value) &&
    markers.some(({ property, equals }) => ownMember(value, property) === equals)
  );
}

/** The properties of the item and the children with a mask, in the form of a diff's paths: `item.omaSettings`. */
export function maskedPlaces(document: PolicyDocument, policyType: PolicyType): string[] {
  return (['item', 'children'] as const).flatMap((part) =>
    Object.entries(document[part])
      .filter(([, value]) => holdsMask(value, policyType))
      .map(([name]) => memberPath(part, name)),
  );
}
