import { v7 as uuidv7 } from 'uuid';
import { insertBackupSet } from '#db/backup/backup-sets.ts';
import { inTenant, type TenantTrx } from '#db/database.ts';
import { insertSchedule } from '#db/schedule/schedules.ts';
import { insertSnapshots } from '#db/snapshot/snapshots.ts';
import type { RunStatus } from '#domain/run/run.ts';
import type { TestDatabase } from '#test/support/database.ts';
import { addPolicy, initiator, testCipher } from '#test/support/kernel.ts';
import { newTenant, runIn } from './run-rows.ts';

/** The backup of a night. */
export interface Night {
  readonly status: RunStatus;
  readonly complete: boolean;
  readonly daysAgo: number;
  /** The content of each policy by its place; null for a policy outside the set. */
  readonly contents: readonly (number | null)[];
  /** A set without a schedule, started by a person. */
  readonly byHand?: boolean;
}

/** A tenant with some policies and a schedule. */
export interface Customer {
  readonly tenantId: string;
  readonly scheduleId: string;
  readonly policyIds: readonly string[];
}

export async function newCustomer(
  database: TestDatabase,
  policies: number,
  rule: { readonly keepLast: number | null; readonly keepDays: number | null },
): Promise<Customer> {
  const tenantId = await newTenant(database);
  const policyIds: string[] = [];
  for (let n = 0; n < policies; n += 1) {
    policyIds.push(await addPolicy(database, tenantId, { type: 'scopeTag', graphId: uuidv7() }));
  }
  const scheduleId = uuidv7();
  await inTenant(database.app.db, tenantId, (trx) =>
    insertSchedule(trx, {
      id: scheduleId,
      createdBy: initiator,
      definition: {
        ...{ name: 'Nightly', cron: '0 2 * * *', timeZone: 'UTC', ...rule, paused: false },
        ...{ jitterSeconds: 0, catchUpSeconds: 60 },
        selection: { all: true },
      },
    }),
  );
  return { tenantId, scheduleId, policyIds };
}

/** Inserts a night's backup as its run leaves it. Returns the id of the set. */
export async function addNight(
  database: TestDatabase,
  customer: Customer,
  night: Night,
): Promise<string> {
  const { tenantId, policyIds } = customer;
  const backupSetId = uuidv7();
  const run = await runIn(database, tenantId, night.status);
  await database.owner.db
    .updateTable('runs')
    .set({ target_type: 'backup_set', target_id: backupSetId })
    .where('id', '=', run.id)
    .execute();
  await inTenant(database.app.db, tenantId, async (trx) => {
    const scheduleId = night.byHand === true ? null : customer.scheduleId;
    const set = { id: backupSetId, name: 'A night', origin: 'backup', scheduleId } as const;
    await insertBackupSet(trx, { ...set, createdBy: initiator });
    const ended = !['queued', 'running'].includes(night.status);
    const manifest = JSON.stringify({ complete: night.complete, contentHash: '', types: [] });
    await trx
      .updateTable('backup_sets')
      .set({
        created_at: new Date(Date.now() - night.daysAgo * 24 * 3_600_000),
        ...(ended ? { manifest } : {}),
      })
      .where('id', '=', backupSetId)
      .execute();
    for (const [index, policyId] of policyIds.entries()) {
      const content = night.contents[index];
      if (content == null) continue;
      const snapshotId = await capture(trx, { runId: run.id, policyId, content });
      await trx
        .insertInto('backup_set_items')
        .values({
          ...{ tenant_id: tenantId, backup_set_id: backupSetId, backup_item_id: uuidv7() },
          ...{ policy_id: policyId, snapshot_id: snapshotId },
        })
        .execute();
    }
  });
  return backupSetId;
}

/** Captures one policy in a run without a set. */
export async function captureByHand(
  database: TestDatabase,
  { tenantId }: Customer,
  policyId: string,
  content: number,
): Promise<string> {
  const run = await runIn(database, tenantId, 'succeeded');
  return inTenant(database.app.db, tenantId, (trx) =>
    capture(trx, { runId: run.id, policyId, content }),
  );
}

async function capture(
  trx: TenantTrx,
  of: { readonly runId: string; readonly policyId: string; readonly content: number },
): Promise<string> {
  const snapshot = {
    ...{ id: uuidv7(), policyId: of.policyId, policyType: 'scopeTag', graphId: 'g' },
    ...{ displayName: 'A policy', complete: true, warnings: [] },
    ...{ revision: null, assignmentsHash: null },
    references: [{ policyType: 'scopeTag', graphId: 'another' }],
    document: `{"item":{"n":${of.content}},"children":{},"assignments":null}`,
  };
  const [kept] = await insertSnapshots(trx, testCipher, of.runId, [snapshot]);
  if (kept === undefined) throw new Error('no snapshot was kept');
  await trx
    .updateTable('policies')
    .set({ last_snapshot_id: kept.id, last_captured_at: kept.captured_at })
    .where('id', '=', of.policyId)
    .execute();
  return kept.id;
}
