import { createHash } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { inTenant } from '#db/database.ts';
import { insertRestoreItems, type NewRestoreItem } from '#db/restore/new-restore-items.ts';
import type { SnapshotCipher } from '#db/snapshot/snapshot-cipher.ts';
import type { RunRow } from '#db/tables.ts';
import type { ItemPlan } from '#domain/restore/plan.ts';
import type { TestDatabase } from '#test/support/database.ts';
import { runIn } from './run-rows.ts';

/** An unplanned item of a restore for an object to create. */
export function newItem(tenantId: string, displayName: string, group = 0): NewRestoreItem {
  return {
    ...{ itemId: uuidv7(), backupItemId: uuidv7(), policyType: 'scopeTag', displayName, group },
    ...{ sourceTenantId: tenantId, sourceGraphId: displayName, sha256: Buffer.alloc(32) },
    ...{ targetGraphId: null, targetFoundBy: null, targetCandidates: 0, planned: null },
  };
}

/** Inserts a running restore with these items. */
export async function runWith(
  database: TestDatabase,
  tenantId: string,
  items: readonly NewRestoreItem[],
): Promise<RunRow> {
  const run = await runIn(database, tenantId, 'running');
  await inTenant(database.app.db, tenantId, (trx) => insertRestoreItems(trx, run.id, items));
  return run;
}

/** A plan to create an object, with changes. */
export function planOf(changes: Partial<ItemPlan> = {}): ItemPlan {
  return {
    ...{ action: 'create', changes: [], desired: '{}', liveHash: null, references: [] },
    ...{ assignments: null, assignmentsBlocked: false, warnings: [], blockedBy: null },
    ...changes,
  };
}

/** Replaces the stored plan of every item of a run, as other code might have written it. */
export async function overwritePlans(
  database: TestDatabase,
  cipher: SnapshotCipher,
  { id, tenant_id: tenantId }: Pick<RunRow, 'id' | 'tenant_id'>,
  text: string,
): Promise<void> {
  const content = Buffer.from(text, 'utf8');
  const sha256 = createHash('sha256').update(content).digest();
  const { keyId, nonce, ciphertext } = cipher.seal(tenantId, sha256, content);
  await database.owner.db
    .updateTable('restore_items')
    .set({ sha256, key_id: keyId, nonce, ciphertext })
    .where('run_id', '=', id)
    .execute();
}
