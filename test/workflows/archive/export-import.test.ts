import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import type { RunRow } from '#db/tables.ts';
import { rowCounts } from '#test/api/support/row-counts.ts';
import { hostileArchives } from '#test/support/hostile-archives.ts';
import { type Kernel, registerTenant, startKernel } from '#test/support/kernel.ts';
import { readItems, untilEnded } from '#test/support/runs.ts';
import { manifestOver, listed, tenantryZip } from '#test/support/tenantry-zip.ts';
import { unzip } from '#test/support/unzip.ts';
import {
  backUp,
  exportSet,
  importZip,
  readSet,
  startExport,
  startImport,
} from '#test/workflows/support/archives.ts';
import { addCatalogPolicy, addCustomer } from '#test/workflows/support/customer.ts';
import { historyOf, historyText, largestPayload } from '#test/workflows/support/history.ts';

/** An export or import is a few activities, for any number of policies. */
const eventsMax = 40;
const payloadBytesMax = 16 * 1024;
const names = ['Edge: baseline', 'edge: Baseline', 'CON'];

let kernel: Kernel;
let tenantId: string;
let backupSetId: string;
beforeAll(async () => {
  kernel = await startKernel();
  tenantId = await addCustomer(kernel);
  for (const displayName of names) {
    await addCatalogPolicy(kernel, tenantId, { displayName, settings: 30, assignments: 30 });
  }
  backupSetId = await backUp(kernel, tenantId);
});
afterAll(() => kernel.stop());

async function expectSmallHistory(run: RunRow): Promise<void> {
  const history = await historyOf(kernel, run);
  expect(history.events?.length).toBeLessThanOrEqual(eventsMax);
  expect(largestPayload(history)).toBeLessThan(payloadBytesMax);
  const text = historyText(history);
  for (const name of names) expect(text).not.toContain(name);
}

/** All stored rows about policies, without runs, their items and archives. */
async function keptRows(): Promise<Record<string, string>> {
  const rows = await rowCounts(kernel.database);
  const passing = new Set(['runs', 'run_items', 'notifications', 'archives', 'archive_chunks']);
  return Object.fromEntries(Object.entries(rows).filter(([table]) => !passing.has(table)));
}

async function archiveCount(run: RunRow): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from archives a left join archive_chunks c
      on c.tenant_id = a.tenant_id and c.archive_id = a.id where a.id = ${run.id}`.execute(
    kernel.database.owner.db,
  );
  return rows[0]?.count ?? 0;
}

describe('an export in our own format', () => {
  // Catches: content parsed and written again on its way, or a manifest that does not match.
  it('holds the bytes of the snapshots, described by the manifest', async () => {
    const { run, zip } = await exportSet(kernel, tenantId, backupSetId, 'tenantry');
    expect(run).toMatchObject({ status: 'succeeded', total: 1, succeeded: 1 });
    expect(await readItems(kernel.database, run)).toMatchObject([
      { policy_type: 'settingsCatalogPolicy', action: 'none', outcome: 'succeeded' },
    ]);
    const files = await unzip(zip);
    const manifest = JSON.parse(files.get('manifest.json')?.toString() ?? '');
    const { set, items } = await readSet(kernel, tenantId, backupSetId);
    expect(manifest).toMatchObject({ format: 'tenantry', tenantId, backupSetId, name: 'Whole' });
    expect(manifest.manifest).toEqual(set?.manifest);
    expect(manifest.policies).toMatchObject(
      items.map(({ type, graphId, sha256, displayName }) => ({
        type,
        graphId,
        sha256,
        displayName,
      })),
    );
    expect(files.size).toBe(1 + items.length);
    await expectSmallHistory(run);
  });

  // Catches: times, zones or row order in the zip, which would fill a git history with noise.
  it.each(['tenantry', 'intunecd'] as const)(
    'is the same bytes each time, as %s',
    async (format) => {
      const one = await exportSet(kernel, tenantId, backupSetId, format);
      const other = await exportSet(kernel, tenantId, backupSetId, format);
      expect(one.zip.length).toBeGreaterThan(0);
      expect(other.zip.equals(one.zip)).toBe(true);
    },
  );

  // Catches: an export of content whose hash is wrong.
  it('fails on a damaged snapshot', async () => {
    const other = await addCustomer(kernel);
    await addCatalogPolicy(kernel, other, {});
    const damaged = await backUp(kernel, other);
    await sql`update snapshot_contents set ciphertext = set_byte(ciphertext, 20, 1 + get_byte(ciphertext, 20) % 255)
      where tenant_id = ${other}`.execute(kernel.database.owner.db);
    const { run, zip } = await exportSet(kernel, other, damaged, 'tenantry');
    expect(run).toMatchObject({ status: 'failed', error_code: 'snapshot_corrupt' });
    expect(zip).toHaveLength(0);
  });
});

describe('an import of our own format', () => {
  it('makes the same set again, and leaves the inventory as it is', async () => {
    const { zip } = await exportSet(kernel, tenantId, backupSetId, 'tenantry');
    const before = await keptRows();
    const run = await importZip(kernel, tenantId, zip);
    expect(run).toMatchObject({ status: 'succeeded', total: names.length });
    const old = await readSet(kernel, tenantId, backupSetId);
    const made = await readSet(kernel, tenantId, run.target_id ?? '');
    expect(made.items).toEqual(old.items);
    expect(made.set?.manifest).toEqual(old.set?.manifest);
    expect(made.set).toMatchObject({ name: 'Whole', origin: 'import' });
    const after = await keptRows();
    // Catches: a policy marked as present or as last captured because an archive has it.
    expect(after['policies']).toBe(before['policies']);
    expect(after['snapshot_contents']).toBe(before['snapshot_contents']);
    expect(await archiveCount(run)).toBe(0);
    await expectSmallHistory(run);
  });

  it('adds the policies of another tenant to the inventory as absent', async () => {
    const { zip } = await exportSet(kernel, tenantId, backupSetId, 'tenantry');
    const other = randomUUID();
    await registerTenant(kernel.database, other);
    const run = await importZip(kernel, other, zip);
    expect(run.status).toBe('succeeded');
    const made = await readSet(kernel, other, run.target_id ?? '');
    const old = await readSet(kernel, tenantId, backupSetId);
    expect(made.set?.manifest?.contentHash).toBe(old.set?.manifest?.contentHash);
    const { rows } = await sql<{ present: boolean; last_snapshot_id: string | null }>`
      select present, last_snapshot_id from policies where tenant_id = ${other}`.execute(
      kernel.database.owner.db,
    );
    expect(rows).toEqual(names.map(() => ({ present: false, last_snapshot_id: null })));
  });

  // Catches: a set that becomes complete through export and import.
  it('keeps the reasons of an incomplete set', async () => {
    const types = [
      {
        type: 'remediation',
        listed: 0,
        captured: 0,
        failed: 0,
        forbidden: 1,
        unsupported: 0,
        builtIn: 0,
      },
      {
        type: 'scopeTag',
        listed: 3,
        captured: 1,
        failed: 2,
        forbidden: 0,
        unsupported: 0,
        builtIn: 1,
      },
    ];
    const manifest = JSON.parse(manifestOver([listed()]));
    const content = JSON.stringify({
      ...manifest,
      manifest: { ...manifest.manifest, complete: false, types },
    });
    const run = await importZip(kernel, tenantId, tenantryZip({ manifest: { content } }));
    const { set } = await readSet(kernel, tenantId, run.target_id ?? '');
    expect(set?.manifest).toMatchObject({ complete: false, types });
  });

  // Catches: two runs of one zip, each with half of its policies.
  it('is one run if started twice at once', async () => {
    const zip = tenantryZip({ manifest: { content: manifestOver([listed()]).trimEnd() } });
    const starts = await Promise.all([1, 2, 3].map(() => startImport(kernel, tenantId, zip)));
    expect(new Set(starts.map(({ run }) => run.id)).size).toBe(1);
    expect(starts.filter(({ reused }) => !reused)).toHaveLength(1);
    const ended = await untilEnded(kernel.database, starts[0]?.run ?? neverStarted());
    expect(ended.status).toBe('succeeded');
  });
});

function neverStarted(): never {
  throw new Error('nothing was started');
}

describe("an import of IntuneCD's layout", () => {
  // Catches: children or assignments lost between the folders and the set.
  it('makes a set that is not complete', async () => {
    const { zip } = await exportSet(kernel, tenantId, backupSetId, 'intunecd');
    expect([...(await unzip(zip)).keys()]).toHaveLength(names.length);
    const run = await importZip(kernel, tenantId, zip);
    expect(run).toMatchObject({ status: 'succeeded', total: names.length });
    const { set, items } = await readSet(kernel, tenantId, run.target_id ?? '');
    expect(items.map(({ displayName }) => displayName).sort()).toEqual([...names].sort());
    expect(set?.manifest).toMatchObject({ complete: false });
    expect(items[0]?.warnings).toMatchObject([{ code: 'imported_without_proof' }]);
    const again = await exportSet(kernel, tenantId, run.target_id ?? '', 'intunecd');
    const [old, made] = [await unzip(zip), await unzip(again.zip)];
    const texts = (files: Map<string, Buffer>) => [...files.values()].map(String).sort();
    expect(texts(made)).toEqual(texts(old));
  });
});

describe('a hostile archive', () => {
  // Catches: a policy kept before the check of the whole archive.
  it('is refused, and no part of it is kept', async () => {
    const before = await keptRows();
    const chosen = ['a bomb', 'steps up', 'a wrong hash', 'JSON deeper than 64'];
    for (const [what, reason, make] of hostileArchives) {
      if (!chosen.includes(what)) continue;
      const run = await importZip(kernel, tenantId, make());
      expect(run).toMatchObject({ status: 'failed', error_code: 'archive_rejected', total: 0 });
      expect(run.error_context).toMatchObject({ reason });
      expect(await archiveCount(run)).toBe(0);
    }
    expect(await keptRows()).toEqual(before);
  });

  it('is refused also if only its last file is bad', async () => {
    const { zip } = await exportSet(kernel, tenantId, backupSetId, 'tenantry');
    const before = await keptRows();
    const broken = Buffer.from(zip);
    // A byte of the last file, just before the central directory.
    const directory = broken.readUInt32LE(broken.length - 6);
    broken.writeUInt8(broken.readUInt8(directory - 40) ^ 0xff, directory - 40);
    const run = await importZip(kernel, tenantId, broken);
    expect(run).toMatchObject({ status: 'failed', error_code: 'archive_rejected' });
    expect(await keptRows()).toEqual(before);
  });
});

describe('an export started twice at once', () => {
  it('is one run', async () => {
    const starts = await Promise.all(
      [1, 2, 3].map(() => startExport(kernel, tenantId, backupSetId, 'tenantry')),
    );
    expect(new Set(starts.map(({ run }) => run.id)).size).toBe(1);
    await untilEnded(kernel.database, starts[0]?.run ?? neverStarted());
  });
});
