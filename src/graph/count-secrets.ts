import type { SecretMarker } from '../domain/policy-types/policy-type.ts';
import { isJsonObject, memberOf } from './parse-answer.ts';

// What Intune shows in place of a value that it will not tell.
const mask = '****';

/**
 * Takes the parsed parts of a policy and the marks that secrets of its type bear, and returns how many objects
 * hold a secret that Graph withheld. A masked value counts whatever the type: restored, it would become a
 * password of four asterisks.
 */
export function countSecrets(parts: readonly unknown[], markers: readonly SecretMarker[]): number {
  // A list of work instead of recursion: how deep an answer goes is not ours to decide.
  const open: unknown[] = [...parts];
  let count = 0;
  while (open.length > 0) {
    const part = open.pop();
    if (typeof part !== 'object' || part === null) continue;
    const values: readonly unknown[] = Object.values(part);
    if (values.includes(mask) || isMarked(part, markers)) count += 1;
    for (const value of values) if (typeof value === 'object') open.push(value);
  }
  return count;
}

function isMarked(part: object, markers: readonly SecretMarker[]): boolean {
  return (
    isJsonObject(part) &&
    markers.some(({ property, equals }) => memberOf(part, property) === equals)
  );
}
