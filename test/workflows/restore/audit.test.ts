import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { verifyAuditTrail } from '#db/audit/verify-audit-trail.ts';
import { executeRestore } from '#domain/run/run-requests.ts';
import { readTrail } from '#test/db/support/audit-trails.ts';
import { initiator, type Kernel, startKernel } from '#test/support/kernel.ts';
import { readRun } from '#test/support/runs.ts';
import { until } from '#test/support/until.ts';
import { callsDuring } from '#test/workflows/support/backups.ts';
import { backedUpCustomer, deleteFirst } from '#test/workflows/support/restorable.ts';
import { preview, restore, restoredBy, startOnSet } from '#test/workflows/support/restores.ts';

let kernel: Kernel;
beforeAll(async () => {
  kernel = await startKernel();
});
afterAll(() => kernel.stop());

describe('the audit trail of a restore', () => {
  // Catches: an end event before the counts are final, or twice; a preview recorded as a restore.
  it('has one event for the start and one for the end, in one chain', async () => {
    const customer = await backedUpCustomer(kernel, 3);
    const { tenantId, backupSetId } = customer;
    await deleteFirst(kernel, customer, 1);
    const { run: shown } = await preview(kernel, tenantId, { backupSetId });
    const previewRunId = shown.id;
    const { run } = await restore(kernel, tenantId, { backupSetId, previewRunId });
    const events = await readTrail(kernel.database, tenantId);
    const where = { from: { tenantId, backupSetId, previewRunId }, to: { tenantId } };
    const same = { actor: initiator.id, run_id: run.id };
    expect(events).toMatchObject([
      { ...same, action: 'restore.started', details: where },
      {
        ...{ ...same, action: 'restore.ended' },
        details: {
          ...{ ...where, status: 'succeeded', errorCode: null },
          counts: { total: 3, succeeded: 3, failed: 0, skipped: 0 },
        },
      },
    ]);
    const options = { expected: new Set<string>(), onPage: () => undefined };
    const found = await verifyAuditTrail(kernel.database.app.db, tenantId, options);
    expect(found).toMatchObject({ events: 2, fault: null });
  });

  // Catches: an end without its event, or an end that stays unrecorded after the event failed once.
  it('delays the end of a restore until its event can be written', async () => {
    const customer = await backedUpCustomer(kernel, 1);
    const { tenantId, backupSetId } = customer;
    await deleteFirst(kernel, customer, 1);
    const { db } = kernel.database.owner;
    const { result: run, calls } = await callsDuring(kernel, tenantId, async () => {
      const started = await startOnSet(kernel, executeRestore(tenantId, { backupSetId }));
      await sql`revoke insert on audit_events from tenantry_app`.execute(db);
      try {
        await until('the item is done', async () => {
          const { succeeded } = await readRun(kernel.database, started);
          return succeeded === 1;
        });
        expect(await readRun(kernel.database, started)).toMatchObject({ status: 'running' });
      } finally {
        await sql`grant insert on audit_events to tenantry_app`.execute(db);
      }
      return (await restoredBy(kernel, started)).run;
    });
    expect(run.status).toBe('succeeded');
    expect(calls.filter(({ method }) => method === 'POST')).toHaveLength(2);
    const events = await readTrail(kernel.database, tenantId);
    expect(events.map(({ action }) => action)).toEqual(['restore.started', 'restore.ended']);
  });
});
