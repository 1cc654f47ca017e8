import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import { inTenant } from '#db/database.ts';
import { createSnapshotCipher } from '#db/snapshot/snapshot-cipher.ts';
import { insertSnapshots, readSnapshotContent } from '#db/snapshot/snapshots.ts';
import { listContentHashes, verifyContent } from '#db/snapshot/verification.ts';
import { newTenant, runIn } from '#test/db/support/run-rows.ts';
import { createTestDatabase, type TestDatabase } from '#test/support/database.ts';
import { addPolicy, testCipher } from '#test/support/kernel.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const document = '{"item":{"n":1},"children":{},"assignments":null}';

async function keep(tenantId: string, text = document): Promise<Buffer> {
  const policyId = await addPolicy(database, tenantId, { type: 'scopeTag', graphId: uuidv7() });
  const run = await runIn(database, tenantId, 'running');
  const snapshot = {
    ...{ id: uuidv7(), policyId, policyType: 'scopeTag', graphId: 'g', displayName: 'A policy' },
    ...{ document: text, complete: true, warnings: [] },
    ...{ revision: null, assignmentsHash: null, references: [] },
  };
  const [row] = await inTenant(database.app.db, tenantId, (trx) =>
    insertSnapshots(trx, testCipher, run.id, [snapshot]),
  );
  if (row === undefined) throw new Error('no snapshot was kept');
  return row.sha256;
}

async function damage(tenantId: string): Promise<void> {
  await sql`update snapshot_contents set ciphertext = '\\x00' where tenant_id = ${tenantId}`.execute(
    database.owner.db,
  );
}

const verify = (tenantId: string, hash: Buffer, cipher = testCipher) =>
  inTenant(database.app.db, tenantId, (trx) => verifyContent(trx, cipher, hash));

async function damagedAt(tenantId: string): Promise<Date | null> {
  const row = await database.owner.db
    .selectFrom('snapshot_contents')
    .select('damaged_at')
    .where('tenant_id', '=', tenantId)
    .executeTakeFirstOrThrow();
  return row.damaged_at;
}

describe('the verification of a content', () => {
  // Catches: a time of damage changing with every round, and damage forgotten.
  it('verifyContent stores the first time of damage, and clears it once the content is sound', async () => {
    const tenantId = await newTenant(database);
    const hash = await keep(tenantId);
    expect([await verify(tenantId, hash), await damagedAt(tenantId)]).toEqual(['sound', null]);
    await damage(tenantId);
    expect(await verify(tenantId, hash)).toBe('damaged');
    const since = await damagedAt(tenantId);
    expect(await verify(tenantId, hash)).toBe('damaged');
    expect(await damagedAt(tenantId)).toEqual(since);
    expect(await verify(tenantId, Buffer.alloc(32))).toBe('gone');
  });

  // Catches: contents left damaged after a missing key is back.
  it('content without its key counts as damaged until the key is back', async () => {
    const tenantId = await newTenant(database);
    const hash = await keep(tenantId);
    const others = createSnapshotCipher([{ id: 'other', key: Buffer.alloc(32, 8) }]);
    expect(await verify(tenantId, hash, others)).toBe('damaged');
    expect([await verify(tenantId, hash), await damagedAt(tenantId)]).toEqual(['sound', null]);
  });

  it('verifyContent waits for a capture in progress of the same content', async () => {
    const tenantId = await newTenant(database);
    const hash = await keep(tenantId);
    await damage(tenantId);
    await verify(tenantId, hash);
    const late = await inTenant(database.app.db, tenantId, async (trx) => {
      const sealed = testCipher.seal(tenantId, hash, Buffer.from(document));
      await trx
        .updateTable('snapshot_contents')
        .set({
          key_id: sealed.keyId,
          nonce: sealed.nonce,
          ciphertext: sealed.ciphertext,
          damaged_at: null,
        })
        .where('tenant_id', '=', tenantId)
        .execute();
      // Not awaited here: it waits for this transaction.
      return { verified: verify(tenantId, hash) };
    });
    expect([await late.verified, await damagedAt(tenantId)]).toEqual(['sound', null]);
  });

  it('listContentHashes pages through the contents of a tenant, each once', async () => {
    const tenantId = await newTenant(database);
    for (let n = 0; n < 7; n += 1) await keep(tenantId, `{"item":{"n":${n}}}`);
    const seen: string[] = [];
    let after: Buffer | null = null;
    for (;;) {
      const page: Buffer[] = await inTenant(database.app.db, tenantId, (trx) =>
        listContentHashes(trx, { after, limit: 3 }),
      );
      seen.push(...page.map((hash) => hash.toString('hex')));
      after = page.at(-1) ?? null;
      if (page.length < 3) break;
    }
    expect([seen.length, new Set(seen).size]).toEqual([7, 7]);
  });
});

describe('captured content', () => {
  // Catches: a known hash skipped although its stored content is damaged.
  it('a capture replaces damaged content', async () => {
    const tenantId = await newTenant(database);
    const hash = await keep(tenantId);
    await damage(tenantId);
    await verify(tenantId, hash);
    await keep(tenantId);
    const text = await inTenant(database.app.db, tenantId, (trx) =>
      readSnapshotContent(trx, testCipher, hash),
    );
    expect([text, await damagedAt(tenantId)]).toEqual([document, null]);
  });

  // Catches: the right of the application to rewrite sound content.
  it('a capture never replaces sound content', async () => {
    const tenantId = await newTenant(database);
    await keep(tenantId);
    for (const change of [
      sql`update snapshot_contents set ciphertext = '\\x00'`,
      sql`update snapshot_contents set nonce = nonce, key_id = 'x'`,
    ]) {
      await expect(
        inTenant(database.app.db, tenantId, (trx) => change.execute(trx)),
      ).rejects.toThrow(/never rewritten/);
    }
  });
});
