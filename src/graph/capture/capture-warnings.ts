import { walkObjects } from '#domain/json/walk-objects.ts';
import type { PolicyType } from '#domain/policy-types/policy-type.ts';
import type { CaptureWarning } from './captured-policy.ts';
import { countSecrets } from './count-secrets.ts';

/** Returns the warnings for a reader of the snapshot: truncated expansions, withheld secrets. */
export function captureWarnings(
  policyType: PolicyType,
  parts: readonly unknown[],
): CaptureWarning[] {
  const warnings: CaptureWarning[] = [];
  const truncated = countTruncated(parts);
  if (truncated > 0) {
    warnings.push({ code: 'expansion_truncated', message: `${truncated} cut short by Graph` });
  }
  const secrets = countSecrets(parts, policyType.secretMarkers);
  if (secrets > 0) {
    warnings.push({ code: 'secret_masked', message: `${secrets} withheld by Graph` });
  }
  return warnings;
}

const linkSuffix = '@odata.nextLink';

/** Counts arrays that Graph cut off: it then adds a nextLink next to the array. */
function countTruncated(parts: readonly unknown[]): number {
  let count = 0;
  for (const part of walkObjects(parts)) {
    for (const [key, value] of Object.entries(part)) {
      if (Array.isArray(value) && Object.hasOwn(part, `${key}${linkSuffix}`)) count += 1;
    }
  }
  return count;
}
