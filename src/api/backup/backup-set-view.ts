import { z } from 'zod';
import { timeView, toTime, warningView } from '#api/http/common-view.ts';
import type { BackupItemRow, BackupSetSummary } from '#db/backup/backup-sets.ts';
import { unfinishedManifest } from '#domain/backup/manifest.ts';

const count = z.int().nonnegative();

export const backupSetSchema = z.strictObject({
  id: z.string(),
  tenantId: z.string(),
  name: z.string(),
  createdAt: timeView,
  createdBy: z.strictObject({ id: z.string(), displayName: z.string() }),
  itemCount: count,
  manifest: z.strictObject({
    complete: z
      .boolean()
      .describe('Whether the set holds everything that was asked for, undamaged'),
    contentHash: z.string().nullable().describe('Null until the first run has filled the set'),
    types: z.array(
      z.strictObject({
        type: z.string(),
        listed: count,
        captured: count,
        failed: count,
        forbidden: count,
        unsupported: count,
        builtIn: count,
      }),
    ),
  }),
});

export const backupItemSchema = z.strictObject({
  backupItemId: z.string(),
  policyId: z.string(),
  policyType: z.string(),
  displayName: z.string(),
  graphId: z.string(),
  snapshotId: z.string(),
  sha256: z.string(),
  bytes: count,
  warnings: z.array(warningView),
});

export function toBackupSetView(row: BackupSetSummary): z.output<typeof backupSetSchema> {
  const { complete, contentHash, types } = row.manifest ?? unfinishedManifest;
  return {
    id: row.id,
    tenantId: row.tenant_id,
    name: row.name,
    createdAt: toTime(row.created_at),
    createdBy: { id: row.created_by_id, displayName: row.created_by_name },
    itemCount: row.item_count,
    manifest: {
      complete: complete && !row.damaged,
      contentHash,
      // Postgres does not keep the order of members.
      types: types.map(({ type, listed, captured, failed, forbidden, unsupported, builtIn }) => ({
        type,
        listed,
        captured,
        failed,
        forbidden,
        unsupported,
        builtIn,
      })),
    },
  };
}

const corrupt = {
  code: 'snapshot_corrupt',
  message: 'The stored content is damaged. The next backup of the policy repairs it.',
};

export function toBackupItemView(row: BackupItemRow): z.output<typeof backupItemSchema> {
  return {
    backupItemId: row.backup_item_id,
    policyId: row.policy_id,
    policyType: row.policy_type,
    displayName: row.display_name,
    graphId: row.graph_id,
    snapshotId: row.snapshot_id,
    sha256: row.sha256.toString('hex'),
    bytes: row.byte_length,
    warnings: [
      ...row.snapshot_warnings,
      ...row.item_warnings,
      ...(row.damaged_at === null ? [] : [corrupt]),
    ],
  };
}
