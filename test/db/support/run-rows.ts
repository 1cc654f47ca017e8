import { randomUUID } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { inTenant, type TenantTrx } from '#db/database.ts';
import { insertRun } from '#db/run/runs.ts';
import type { RunRow } from '#db/tables.ts';
import type { RunStatus } from '#domain/run/run.ts';
import type { TestDatabase } from '#test/support/database.ts';
import { initiator, registerTenant } from '#test/support/kernel.ts';

/** Registers a new tenant. */
export async function newTenant(database: TestDatabase): Promise<string> {
  const tenantId = randomUUID();
  await registerTenant(database, tenantId);
  return tenantId;
}

/** A new key. */
export function newKey(): string {
  return `${randomUUID()}${randomUUID()}`.replaceAll('-', '');
}

/** Inserts a run as a start does; undefined if the gate is shut. */
export function tryInsertRun(trx: TenantTrx, idempotencyKey: string): Promise<RunRow | undefined> {
  return insertRun(trx, {
    id: uuidv7(),
    operationType: 'inventory.sync',
    target: null,
    parameters: { types: null },
    idempotencyKey,
    initiator,
  });
}

/** Inserts a run in the given status, without the code under test. */
export async function runIn(
  database: TestDatabase,
  tenantId: string,
  status: RunStatus,
  key = newKey(),
): Promise<RunRow> {
  const run = await inTenant(database.app.db, tenantId, (trx) => tryInsertRun(trx, key));
  return database.owner.db
    .updateTable('runs')
    .set({ status })
    .where('id', '=', run?.id ?? '')
    .returningAll()
    .executeTakeFirstOrThrow();
}
