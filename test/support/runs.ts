import { setTimeout as sleep } from 'node:timers/promises';
import { inTenant } from '#db/database.ts';
import { listAllRunItems } from '#db/run/run-items.ts';
import { findRunById } from '#db/run/runs.ts';
import type { RunItemRow, RunRow } from '#db/tables.ts';
import { isTerminal } from '#domain/run/run.ts';
import type { TestDatabase } from './database.ts';

const pollIntervalMs = 25;

/** Waits for the end of a run and returns it; throws after `seconds`. */
export async function untilEnded(
  database: TestDatabase,
  run: Pick<RunRow, 'tenant_id' | 'id'>,
  seconds = 30,
): Promise<RunRow> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const row = await readRun(database, run);
    if (isTerminal(row.status)) return row;
    if (Date.now() > deadline)
      throw new Error(`run ${run.id} is still ${row.status} after ${seconds} s`);
    await sleep(pollIntervalMs);
  }
}

/** Reads a run. */
export async function readRun(
  database: TestDatabase,
  run: Pick<RunRow, 'tenant_id' | 'id'>,
): Promise<RunRow> {
  const row = await inTenant(database.app.db, run.tenant_id, (trx) => findRunById(trx, run.id));
  if (row === undefined) throw new Error(`no run ${run.id}`);
  return row;
}

/** Reads the items of a run. */
export function readItems(
  database: TestDatabase,
  run: Pick<RunRow, 'tenant_id' | 'id'>,
): Promise<RunItemRow[]> {
  return inTenant(database.app.db, run.tenant_id, (trx) => listAllRunItems(trx, run.id));
}

/** The kinds of a run's notifications, oldest first. */
export async function readNotificationKinds(
  database: TestDatabase,
  run: Pick<RunRow, 'tenant_id' | 'id'>,
): Promise<string[]> {
  const rows = await inTenant(database.app.db, run.tenant_id, (trx) =>
    trx
      .selectFrom('notifications')
      .select('kind')
      .where('tenant_id', '=', run.tenant_id)
      .where('run_id', '=', run.id)
      .orderBy('id')
      .execute(),
  );
  return rows.map((row) => row.kind);
}
