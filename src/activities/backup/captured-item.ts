import { v7 as uuidv7 } from 'uuid';
import type { CapturedItem } from '#db/backup/captures.ts';
import type { PolicyType } from '#domain/policy-types/policy-type.ts';
import type { CapturedPolicy } from '#graph/capture/captured-policy.ts';

/** Returns the snapshot of an item from the policy that was read for it. */
export function capturedItem(
  item: { readonly itemId: string; readonly policyId: string; readonly graphId: string },
  captured: CapturedPolicy,
  { type: policyType }: PolicyType,
): CapturedItem {
  const { displayName, document, complete, warnings, revision, assignmentsHash, references } =
    captured;
  const { itemId, policyId, graphId } = item;
  return {
    itemId,
    snapshot: {
      ...{ id: uuidv7(), policyId, policyType, graphId, displayName, document, complete, warnings },
      ...{ revision, assignmentsHash, references },
    },
  };
}
