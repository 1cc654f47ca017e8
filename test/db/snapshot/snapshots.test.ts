import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import { inTenant } from '#db/database.ts';
import { SnapshotIntegrityError } from '#db/snapshot/snapshot-cipher.ts';
import { insertSnapshots, readSnapshotContent } from '#db/snapshot/snapshots.ts';
import type { SnapshotRow } from '#db/tables.ts';
import { newTenant, runIn } from '#test/db/support/run-rows.ts';
import { createTestDatabase, type TestDatabase } from '#test/support/database.ts';
import { addPolicy, testCipher } from '#test/support/kernel.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

async function newPolicy(tenantId: string): Promise<string> {
  const policy = { type: 'settingsCatalogPolicy', graphId: uuidv7() };
  return addPolicy(database, tenantId, policy);
}

/** Stores a document as the snapshot of a policy, in a run of its own unless one is given. */
async function keep(
  tenantId: string,
  policyId: string,
  document: string,
  runId?: string,
): Promise<SnapshotRow> {
  const run = runId ?? (await runIn(database, tenantId, 'running')).id;
  const snapshot = {
    ...{ id: uuidv7(), policyId, policyType: 'settingsCatalogPolicy', graphId: 'graph-id' },
    ...{ displayName: 'A policy', document, complete: true, warnings: [] },
    ...{ revision: null, assignmentsHash: null, references: [] },
  };
  const [kept] = await inTenant(database.app.db, tenantId, (trx) =>
    insertSnapshots(trx, testCipher, run, [snapshot]),
  );
  if (kept === undefined) throw new Error('no snapshot was kept');
  return kept;
}

function read(tenantId: string, hash: Buffer): Promise<string> {
  return inTenant(database.app.db, tenantId, (trx) => readSnapshotContent(trx, testCipher, hash));
}

async function countContents(tenantId: string): Promise<number> {
  const rows = await database.owner.db
    .selectFrom('snapshot_contents')
    .select('sha256')
    .where('tenant_id', '=', tenantId)
    .execute();
  return rows.length;
}

/** Bytes Graph may send, and a column for text or jsonb would change or refuse. */
const document = `{"item":{"a":1.0,"b":9007199254740993,"c":"\\u0000 \\ud800","d":"ü€😀",  "a":2},"children":{},"assignments":null}`;

describe('a snapshot', () => {
  it('readSnapshotContent returns the document byte for byte', async () => {
    const tenantId = await newTenant(database);
    const snapshot = await keep(tenantId, await newPolicy(tenantId), document);
    expect(await read(tenantId, snapshot.sha256)).toBe(document);
  });

  // Catches: content stored for each snapshot, so that backups grow without a change.
  it('a snapshot of unchanged content costs a row, not a copy', async () => {
    const tenantId = await newTenant(database);
    const policies = [await newPolicy(tenantId), await newPolicy(tenantId)];
    const kept: SnapshotRow[] = [];
    for (const policyId of [...policies, ...policies]) {
      kept.push(await keep(tenantId, policyId, document));
    }
    expect(new Set(kept.map(({ id }) => id)).size).toBe(4);
    expect(await countContents(tenantId)).toBe(1);
    await keep(tenantId, policies[0] ?? '', `${document} `);
    expect(await countContents(tenantId)).toBe(2);
  });

  // Catches: a retried activity adding a second snapshot to its run.
  it('a run has one snapshot a policy', async () => {
    const tenantId = await newTenant(database);
    const policyId = await newPolicy(tenantId);
    const run = await runIn(database, tenantId, 'running');
    const first = await keep(tenantId, policyId, document, run.id);
    expect(await keep(tenantId, policyId, '{"item":{}}', run.id)).toEqual(first);
  });

  // Catches: deduplication across tenants, by which one tenant learns of another's contents.
  it('equal contents of two tenants are stored twice', async () => {
    const tenants = [await newTenant(database), await newTenant(database)];
    for (const tenantId of tenants) await keep(tenantId, await newPolicy(tenantId), document);
    const rows = await database.owner.db
      .selectFrom('snapshot_contents')
      .select('ciphertext')
      .where('tenant_id', 'in', tenants)
      .execute();
    expect(rows).toHaveLength(2);
    expect(rows[0]?.ciphertext.equals(rows[1]?.ciphertext ?? Buffer.alloc(0))).toBe(false);
  });
});

describe('changed content', () => {
  async function stored(text = document) {
    const tenantId = await newTenant(database);
    const { sha256 } = await keep(tenantId, await newPolicy(tenantId), text);
    return { tenantId, sha256 };
  }

  // Catches: a hash stored but never compared.
  it.each([0, 7, 40])('content changed in byte %i is refused', async (at) => {
    const { tenantId, sha256 } = await stored();
    await sql`update snapshot_contents
      set ciphertext = set_byte(ciphertext, ${at}, get_byte(ciphertext, ${at}) # 1)
      where tenant_id = ${tenantId}`.execute(database.owner.db);
    await expect(read(tenantId, sha256)).rejects.toThrow(SnapshotIntegrityError);
  });

  // Catches: content encrypted without its tenant, so that a restore would accept a row copied from another.
  it('content copied from another tenant is refused', async () => {
    const [mine, theirs] = [await stored(), await stored()];
    await sql`update snapshot_contents as mine
      set ciphertext = theirs.ciphertext, nonce = theirs.nonce
      from snapshot_contents as theirs
      where mine.tenant_id = ${mine.tenantId} and theirs.tenant_id = ${theirs.tenantId}`.execute(
      database.owner.db,
    );
    await expect(read(mine.tenantId, mine.sha256)).rejects.toThrow(SnapshotIntegrityError);
  });

  // Catches: content encrypted without its hash, so that an older state could be passed off as a newer one.
  it('content copied from another hash of the tenant is refused', async () => {
    const { tenantId, sha256 } = await stored();
    const other = await keep(tenantId, await newPolicy(tenantId), '{"item":{"b":1}}');
    await sql`update snapshot_contents as mine
      set ciphertext = other.ciphertext, nonce = other.nonce
      from snapshot_contents as other
      where mine.tenant_id = ${tenantId} and mine.sha256 = ${sha256}
        and other.tenant_id = ${tenantId} and other.sha256 = ${other.sha256}`.execute(
      database.owner.db,
    );
    await expect(read(tenantId, sha256)).rejects.toThrow(SnapshotIntegrityError);
  });

  // Catches: trust in the cipher alone; an attacker with the key could seal anything under any hash.
  it('other content sealed under the same hash is refused', async () => {
    const { tenantId, sha256 } = await stored();
    const forged = testCipher.seal(tenantId, sha256, Buffer.from('{"item":{"forged":true}}'));
    await sql`update snapshot_contents set ciphertext = ${forged.ciphertext}, nonce = ${forged.nonce}
      where tenant_id = ${tenantId}`.execute(database.owner.db);
    await expect(read(tenantId, sha256)).rejects.toThrow(SnapshotIntegrityError);
  });
});
