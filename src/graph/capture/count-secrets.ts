import { secretMask } from '#domain/json/secret-mask.ts';
import { walkObjects } from '#domain/json/walk-objects.ts';
import type { SecretMarker } from '#domain/policy-types/policy-type.ts';
import { isJsonObject, memberOf } from '#graph/port/parse-answer.ts';

/**
 * Takes the parsed parts of a policy and the marks that secrets of its type bear, and returns how many objects
 * hold a secret that Graph withheld. A masked value counts whatever the type: restored, it would become a
 * password of four asterisks.
 */
export function countSecrets(parts: readonly unknown[], markers: readonly SecretMarker[]): number {
  let count = 0;
  for (const part of walkObjects(parts)) {
    if (Object.values(part).includes(secretMask) || isMarked(part, markers)) count += 1;
  }
  return count;
}

function isMarked(part: object, markers: readonly SecretMarker[]): boolean {
  return (
    isJsonObject(part) &&
    markers.some(({ property, equals }) => memberOf(part, property) === equals)
  );
}
