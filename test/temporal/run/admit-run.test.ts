import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import { AuditUnavailableError } from '#db/audit/audit-unavailable.ts';
import { inTenant } from '#db/database.ts';
import { transitionRun } from '#db/run/runs.ts';
import type { RunRow } from '#db/tables.ts';
import {
  executeRestore,
  inventorySync,
  undoRestore,
  type RunRequest,
} from '#domain/run/run-requests.ts';
import { admitRun, WriterActiveError } from '#temporal/run/admit-run.ts';
import { newTenant } from '#test/db/support/run-rows.ts';
import { createTestDatabase, type TestDatabase } from '#test/support/database.ts';
import { initiator } from '#test/support/kernel.ts';

const atOnce = 20;

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const admit = (work: RunRequest) =>
  inTenant(database.app.db, work.tenantId, (trx) => admitRun(trx, work, initiator, undefined));
const end = (run: RunRow) =>
  inTenant(database.app.db, run.tenant_id, (trx) => transitionRun(trx, run.id, 'failed'));
const restoreOf = (tenantId: string) => executeRestore(tenantId, { backupSetId: uuidv7() });

async function eventsOf(tenantId: string) {
  return database.owner.db
    .selectFrom('audit_events')
    .select(['action', 'run_id', 'actor', 'target', 'details'])
    .where('tenant_id', '=', tenantId)
    .orderBy('id')
    .execute();
}

/** Admits requests in parallel; a refusal names the run that writes. */
async function admitAll(works: readonly RunRequest[]) {
  const settled = await Promise.allSettled(works.map(admit));
  return settled.map((each) => {
    if (each.status === 'fulfilled') return { run: each.value?.run, reused: each.value?.reused };
    if (each.reason instanceof WriterActiveError) return { refusedBy: each.reason.runId };
    throw each.reason;
  });
}

describe('a run that writes to a tenant', () => {
  // Catches: an index conflict reported as an error (23505, a 500), or a check before the insert.
  it('excludes all other writers of the tenant when restores and undos race', async () => {
    const [tenantId, neighbour] = [await newTenant(database), await newTenant(database)];
    const works = Array.from({ length: atOnce }, (_, index) =>
      index % 4 === 3 ? undoRestore(tenantId, uuidv7(), false) : restoreOf(tenantId),
    );
    const answers = await admitAll(works);
    const [winner, ...others] = answers.filter((answer) => 'run' in answer);
    expect([winner?.reused, others]).toEqual([false, []]);
    const refused = answers.filter((answer) => 'refusedBy' in answer);
    expect(new Set(refused.map(({ refusedBy }) => refusedBy))).toEqual(new Set([winner?.run?.id]));
    expect(refused).toHaveLength(atOnce - 1);
    // Reading runs and other tenants are not excluded.
    expect((await admit(inventorySync(tenantId, undefined)))?.reused).toBe(false);
    expect((await admit(restoreOf(neighbour)))?.reused).toBe(false);
    if (winner?.run !== undefined) await end(winner.run);
    expect((await admit(restoreOf(tenantId)))?.reused).toBe(false);
  });

  // Catches: the search for the writer before the key, so that a second start of a restore is refused because of the
  // first.
  it('is joined by starts of the same key', async () => {
    const tenantId = await newTenant(database);
    const work = restoreOf(tenantId);
    const answers = await admitAll(Array.from({ length: atOnce }, () => work));
    expect(answers.filter(({ reused }) => reused === false)).toHaveLength(1);
    expect(answers.filter(({ reused }) => reused === true)).toHaveLength(atOnce - 1);
    expect(new Set(answers.map(({ run }) => run?.id)).size).toBe(1);
    expect(await eventsOf(tenantId)).toHaveLength(1);
  });

  // Catches: a missing event, a second one by a joining start, or one without source and target.
  it('has its start and end in the audit trail, with source and target', async () => {
    const [tenantId, source] = [await newTenant(database), await newTenant(database)];
    const [backupSetId, previewRunId, itemId, group] = [uuidv7(), uuidv7(), uuidv7(), uuidv7()];
    const work = executeRestore(tenantId, {
      ...{ backupSetId, previewRunId, sourceTenantId: source, itemIds: [itemId] },
      ...{ groupMapping: { [group]: itemId }, allowBroadAssignments: true },
    });
    const run = (await admit(work))?.run;
    if (run === undefined) throw new Error('nothing was admitted');
    await end(run);
    await end(run);
    const same = { run_id: run.id, actor: initiator.id };
    const target = { type: 'backup_set', id: backupSetId };
    const where = { from: { tenantId: source, backupSetId, previewRunId }, to: { tenantId } };
    const options = {
      ...{ groupMapping: { [group]: itemId }, allowBroadAssignments: true },
      chosenItems: 1,
    };
    expect(await eventsOf(tenantId)).toEqual([
      {
        ...{ ...same, target, action: 'restore.started' },
        details: { ...where, options, idempotencyKey: run.idempotency_key },
      },
      {
        ...{ ...same, target, action: 'restore.ended' },
        details: {
          ...{ ...where, status: 'failed', errorCode: null },
          counts: { total: 0, succeeded: 0, failed: 0, skipped: 0 },
        },
      },
    ]);
    const undo = (await admit(undoRestore(tenantId, run.id, true)))?.run;
    if (undo !== undefined) await end(undo);
    const undone = { from: { tenantId, runId: run.id }, to: { tenantId } };
    expect((await eventsOf(tenantId)).slice(2)).toMatchObject([
      { action: 'restore.undo_started', details: { ...undone, options: { deleteCreated: true } } },
      { action: 'restore.undo_ended', details: undone },
    ]);
  });

  // Catches: an audit event in a transaction of its own, or an ignored failure of it.
  it('neither starts nor ends while its audit event cannot be written', async () => {
    const tenantId = await newTenant(database);
    const running = (await admit(restoreOf(tenantId)))?.run;
    if (running === undefined) throw new Error('nothing was admitted');
    const neighbour = await newTenant(database);
    const { db } = database.owner;
    await sql`revoke insert on audit_events from tenantry_app`.execute(db);
    try {
      await expect(admit(restoreOf(neighbour))).rejects.toThrow(AuditUnavailableError);
      await expect(end(running)).rejects.toThrow(AuditUnavailableError);
      expect((await admit(inventorySync(neighbour, undefined)))?.reused).toBe(false);
    } finally {
      await sql`grant insert on audit_events to tenantry_app`.execute(db);
    }
    const runs = await db
      .selectFrom('runs')
      .select(['operation_type', 'status'])
      .where('tenant_id', 'in', [tenantId, neighbour])
      .orderBy('id')
      .execute();
    expect(runs).toEqual([
      { operation_type: 'restore.execute', status: 'queued' },
      { operation_type: 'inventory.sync', status: 'queued' },
    ]);
    expect(await end(running)).toMatchObject({ status: 'failed' });
  });
});
