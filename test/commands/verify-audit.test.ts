import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { newTrail, readTrail, recompute } from '#test/db/support/audit-trails.ts';
import { createTestDatabase, type TestDatabase } from '#test/support/database.ts';

let database: TestDatabase;
let sound: string;
let broken: string;
beforeAll(async () => {
  database = await createTestDatabase();
  [sound, broken] = [await newTrail(database, 4), await newTrail(database, 6)];
});
afterAll(() => database.drop());

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function verifyAudit(...args: string[]): Promise<Ended> {
  const env = { PATH: process.env['PATH'] ?? '', DATABASE_URL: database.url };
  const command = ['src/main.ts', 'verify-audit', ...args];
  try {
    const run = await promisify(execFile)(process.execPath, command, { env });
    return { code: 0, ...run };
  } catch (error) {
    return error as Ended;
  }
}

/** A superuser's connection without triggers and keys. */
async function tamper(statement: ReturnType<typeof sql>): Promise<void> {
  await database.owner.db.transaction().execute(async (trx) => {
    await sql`set local session_replication_role = replica`.execute(trx);
    await statement.execute(trx);
  });
}

const headOf = async (tenantId: string) =>
  (await readTrail(database, tenantId)).at(-1)?.hash.toString('hex') ?? '';

describe('npm run verify-audit', () => {
  // Catches: a tenant left out, a head not printed, and exit code 0 for a broken trail.
  it('prints the event count and the head of each tenant, and the place of a break', async () => {
    const [soundHead, brokenHead] = [await headOf(sound), await headOf(broken)];
    const before = await verifyAudit();
    expect([before.code, before.stdout.trim().split('\n').toSorted()]).toEqual([
      0,
      [`${sound}: 4 events, head ${soundHead}`, `${broken}: 6 events, head ${brokenHead}`].sort(),
    ]);
    const [, , third] = await readTrail(database, broken);
    await tamper(sql`update audit_events set actor = 'x' where tenant_id = ${broken} and seq = 3`);
    const after = await verifyAudit();
    expect(after.code).toBe(1);
    expect(after.stdout).toContain(`${sound}: 4 events, head ${soundHead}`);
    expect(after.stdout).toContain(
      `${broken}: BROKEN after 2 sound events: event 3 (${third?.id}): it is no longer what was written`,
    );
    expect(await verifyAudit('--tenant', sound)).toMatchObject({ code: 0 });
    expect(await verifyAudit('--tenant', broken)).toMatchObject({ code: 1 });
  });

  // Catches: an expected hash never compared, or compared with the head only, which moves on.
  it('detects a rebuilt chain by a hash kept elsewhere', async () => {
    const tenantId = await newTrail(database, 5);
    const [, second, , , head] = (await readTrail(database, tenantId)).map(({ hash }) =>
      hash.toString('hex'),
    );
    const kept = ['--expect', second ?? '', '--expect', head?.toUpperCase() ?? ''];
    expect(await verifyAudit('--tenant', tenantId, ...kept)).toMatchObject({ code: 0 });
    await tamper(sql`update audit_events set at = at - interval '1 day'
      where tenant_id = ${tenantId} and seq = 4`);
    await sql`alter table audit_heads disable trigger all`.execute(database.owner.db);
    await sql`alter table audit_events disable trigger all`.execute(database.owner.db);
    await recompute(database, tenantId, 4);
    expect(await verifyAudit('--tenant', tenantId)).toMatchObject({ code: 0 });
    const { code, stdout } = await verifyAudit('--tenant', tenantId, ...kept);
    expect(code).toBe(1);
    expect(stdout).toContain(`BROKEN: no sound event has the expected hash ${head}`);
    expect(stdout).not.toContain(second);
  });

  // Catches: a deleted trail taken for a trail without a fault.
  it('reports a trail deleted together with its head', async () => {
    const gone = ['--tenant', randomUUID()];
    expect(await verifyAudit(...gone)).toMatchObject({ code: 0 });
    expect(await verifyAudit(...gone, '--expect', 'a'.repeat(64))).toMatchObject({ code: 1 });
  });

  // Catches: an ignored argument.
  it('refuses unknown arguments', async () => {
    for (const args of [['--tenants'], ['--tenant', 'x'], ['--expect', 'abc'], ['x']]) {
      const { code, stdout, stderr } = await verifyAudit(...args);
      expect([args, code, stdout]).toEqual([args, 1, '']);
      expect(stderr).toMatch(/usage: npm run verify-audit/);
      expect(stderr).not.toMatch(/ at /);
    }
  });
});
