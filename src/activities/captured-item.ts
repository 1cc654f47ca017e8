import { v7 as uuidv7 } from 'uuid';
import type { CapturedItem } from '../db/captures.ts';
import type { RunItemRow } from '../db/tables.ts';
import type { CapturedPolicy } from '../graph/captured-policy.ts';

/** Takes an item and the policy read for it, and returns what is to be kept. */
export function capturedItem(item: RunItemRow, captured: CapturedPolicy): CapturedItem {
  return {
    itemId: item.item_id,
    snapshot: {
      id: uuidv7(),
      policyId: item.policy_id ?? '',
      policyType: item.policy_type,
      displayName: captured.displayName,
      graphId: item.graph_id ?? '',
      document: captured.document,
      complete: captured.complete,
      warnings: captured.warnings,
      revision: captured.revision,
      assignmentsHash: captured.assignmentsHash,
      references: captured.references,
    },
  };
}
