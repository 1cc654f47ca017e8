import { z } from 'zod';
import { timeView, toTimeOrNull } from '#api/http/common-view.ts';
import type { PolicyRow } from '#db/tables.ts';

export const policySchema = z.strictObject({
  id: z.string(),
  tenantId: z.string(),
  policyType: z.string(),
  displayName: z.string(),
  graphId: z.string(),
  platform: z.string().nullable(),
  present: z.boolean().describe('Whether the last sync found it in the tenant'),
  lastModifiedAt: timeView.nullable(),
  lastCapturedAt: timeView.nullable(),
  lastSnapshotId: z.string().nullable(),
});

export function toPolicyView(row: PolicyRow): z.output<typeof policySchema> {
  return {
    id: row.id,
    tenantId: row.tenant_id,
    policyType: row.policy_type,
    displayName: row.display_name,
    graphId: row.graph_id,
    platform: row.platform,
    present: row.present,
    lastModifiedAt: toTimeOrNull(row.last_modified_at),
    lastCapturedAt: toTimeOrNull(row.last_captured_at),
    lastSnapshotId: row.last_snapshot_id,
  };
}
