import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CancelledFailure } from '@temporalio/common';
import { sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import { archiveBytes, insertWholeArchive } from '#db/archive/archive-bytes.ts';
import { deleteExpiredArchives, findArchiveById, insertArchive } from '#db/archive/archives.ts';
import { inTenant } from '#db/database.ts';
import type { RunRow } from '#db/tables.ts';
import { exportPolicies, importPolicies } from '#domain/run/run-requests.ts';
import {
  type ActivityBench,
  callIn,
  startActivityBench,
} from '#test/activities/support/activity-bench.ts';
import { testCipher } from '#test/support/kernel.ts';
import { readItems, readRun } from '#test/support/runs.ts';
import { listed, manifestOver, policyDocument } from '#test/support/tenantry-zip.ts';
import { until } from '#test/support/until.ts';
import { unzip } from '#test/support/unzip.ts';
import { makeZip } from '#test/support/zip-maker.ts';
import { addCustomer } from '#test/workflows/support/customer.ts';

/** More than one chunk of an import. */
const policyCount = 130;
const expiresAt = new Date(Date.now() + 3_600_000);

let bench: ActivityBench;
beforeAll(async () => {
  bench = await startActivityBench();
});
afterAll(() => bench.stop());

function manyPolicies(): Buffer {
  const documents = Array.from({ length: policyCount }, (_, index) =>
    policyDocument.replace('"id":"7"', `"id":"${index + 1}"`),
  );
  const policies = documents.map((document, index) => {
    const graphId = String(index + 1);
    return listed({ graphId, path: `policies/scopeTag/${graphId}.json` }, document);
  });
  return makeZip([
    { name: 'manifest.json', content: manifestOver(policies) },
    ...policies.map(({ path }, index) => ({ name: path, content: documents[index] ?? '' })),
  ]);
}

async function begin(run: RunRow): Promise<RunRow> {
  const { beginRun } = bench.activities.runState;
  await callIn(bench.attemptFor(run), () => beginRun({ runId: run.id, tenantId: run.tenant_id }));
  return run;
}

async function begunImport(): Promise<RunRow> {
  const tenantId = await addCustomer(bench);
  const zip = manyPolicies();
  const sha256 = createHash('sha256').update(zip).digest('hex');
  const run = await bench.insertRun(importPolicies(tenantId, uuidv7(), sha256));
  await inTenant(bench.database.app.db, tenantId, (trx) =>
    insertWholeArchive(trx, testCipher, { id: run.id, kind: 'import', expiresAt }, zip),
  );
  return begin(run);
}

function attempt(
  run: RunRow,
  activity: 'keepImport' | 'writeExport',
  surroundings = bench.attemptFor(run),
) {
  return callIn(surroundings, () => bench.activities.graph[activity]({ runId: run.id }));
}

async function countSnapshots(run: RunRow): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from snapshots where run_id = ${run.id}`.execute(
    bench.database.owner.db,
  );
  return rows[0]?.count ?? 0;
}

describe('an import', () => {
  // Catches: an attempt that continues another and plans or keeps policies twice, or misses some.
  it('continues after an interruption, and keeps each policy once', async () => {
    const run = await begunImport();
    const first = bench.attemptFor(run);
    const cut = attempt(run, 'keepImport', first).catch((error: unknown) => error);
    await until(
      'something is kept',
      async () => (await readRun(bench.database, run)).succeeded > 0,
    );
    first.cancel();
    expect(await cut).toBeInstanceOf(CancelledFailure);
    expect((await readRun(bench.database, run)).succeeded).toBeLessThan(policyCount);

    await attempt(run, 'keepImport');
    const counts = { total: policyCount, succeeded: policyCount };
    expect(await readRun(bench.database, run)).toMatchObject(counts);
    expect(await countSnapshots(run)).toBe(policyCount);
    await attempt(run, 'keepImport');
    expect(await readRun(bench.database, run)).toMatchObject(counts);
    expect(await readItems(bench.database, run)).toHaveLength(policyCount);
  });

  // Catches: expired bytes deleted while a run waits for its worker; the run would then succeed with an empty set.
  it('keeps expired bytes while its run is active', async () => {
    const run = await begunImport();
    const { db } = bench.database.owner;
    const longAgo = new Date('2020-01-01T00:00:00Z');
    await db
      .updateTable('archives')
      .set({ expires_at: longAgo })
      .where('id', '=', run.id)
      .execute();
    const clean = () =>
      inTenant(bench.database.app.db, run.tenant_id, async (trx) => {
        await deleteExpiredArchives(trx);
        return findArchiveById(trx, run.id);
      });
    expect(await clean()).toBeDefined();
    await db.updateTable('runs').set({ status: 'canceled' }).where('id', '=', run.id).execute();
    expect(await clean()).toBeUndefined();
  });

  // Catches: an activity that works for an ended run.
  it('is a no-op for an ended run', async () => {
    const run = await begunImport();
    await bench.database.owner.db
      .updateTable('runs')
      .set({ status: 'failed' })
      .where('id', '=', run.id)
      .execute();
    await attempt(run, 'keepImport');
    expect(await countSnapshots(run)).toBe(0);
  });
});

describe('an export', () => {
  // Catches: chunks of two attempts in one archive, after one attempt was thought dead.
  it('is one whole archive if two attempts write it at once', async () => {
    const imported = await begunImport();
    await attempt(imported, 'keepImport');
    const { tenant_id: tenantId, target_id: setId } = imported;
    const run = await bench.insertRun(exportPolicies(tenantId, setId ?? '', 'tenantry'));
    await inTenant(bench.database.app.db, tenantId, (trx) =>
      insertArchive(trx, { id: run.id, kind: 'export', expiresAt }),
    );
    await begin(run);
    const both = await Promise.allSettled([
      attempt(run, 'writeExport'),
      attempt(run, 'writeExport'),
    ]);
    expect(both.map(({ status }) => status)).toContain('fulfilled');
    expect(await readRun(bench.database, run)).toMatchObject({ total: 1, succeeded: 1 });
    const archive = await inTenant(bench.database.app.db, tenantId, (trx) =>
      findArchiveById(trx, run.id),
    );
    const chunks: Buffer[] = [];
    if (archive !== undefined) {
      const stored = archiveBytes(bench.database.app.db, testCipher, archive);
      for await (const chunk of stored) chunks.push(chunk);
    }
    expect((await unzip(Buffer.concat(chunks))).size).toBe(policyCount + 1);
    await attempt(run, 'writeExport');
    expect(await readRun(bench.database, run)).toMatchObject({ total: 1, succeeded: 1 });
  });
});
