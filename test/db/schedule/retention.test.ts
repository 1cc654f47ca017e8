import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import { listBackupSets, lockBackupSetForUse } from '#db/backup/backup-sets.ts';
import { asRetention, inTenant } from '#db/database.ts';
import {
  deleteOrphanContents,
  deletePieceOfSet,
  listGoingSets,
  listRetentionRules,
  markExpiredSets,
} from '#db/schedule/retention.ts';
import { deleteSchedule, insertSchedule } from '#db/schedule/schedules.ts';
import { readSnapshotContent } from '#db/snapshot/snapshots.ts';
import type { RunStatus } from '#domain/run/run.ts';
import {
  addNight,
  captureByHand,
  type Customer,
  newCustomer,
  type Night,
} from '#test/db/support/nights.ts';
import { runIn } from '#test/db/support/run-rows.ts';
import { createTestDatabase, type TestDatabase } from '#test/support/database.ts';
import { initiator, testCipher } from '#test/support/kernel.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const policies = 3;
/** Small enough for several transactions a set. */
const itemsPerTransaction = 2;

/** Assigns the only snapshot of a customer to a restore, as taken before its writes. Returns its id. */
async function takenByRestore({ tenantId }: Customer): Promise<string> {
  const { db } = database.owner;
  const { id: runId } = await runIn(database, tenantId, 'succeeded');
  const { id } = await db
    .selectFrom('snapshots')
    .select('id')
    .where('tenant_id', '=', tenantId)
    .executeTakeFirstOrThrow();
  const item = { tenant_id: tenantId, run_id: runId, item_id: uuidv7() };
  await db
    .insertInto('run_items')
    .values({ ...item, policy_type: 'scopeTag', display_name: 'X', action: 'update' })
    .execute();
  const source = { source_tenant_id: tenantId, source_graph_id: 'g', group_number: 0 };
  await db
    .insertInto('restore_items')
    .values({ ...item, ...source, snapshot_id: id })
    .execute();
  return id;
}

/** Runs one round over a tenant, as the activity does. Returns the number of deleted sets. */
async function retain({ tenantId }: Pick<Customer, 'tenantId'>): Promise<number> {
  const { db } = database.app;
  const rules = await asRetention(db, tenantId, (trx) => listRetentionRules(trx));
  for (const rule of rules) {
    await asRetention(db, tenantId, (trx) => markExpiredSets(trx, rule));
  }
  const going = await asRetention(db, tenantId, (trx) => listGoingSets(trx));
  for (const id of going) {
    const piece = () =>
      asRetention(db, tenantId, (trx) => deletePieceOfSet(trx, id, itemsPerTransaction));
    while (await piece());
  }
  const orphans = () => asRetention(db, tenantId, (trx) => deleteOrphanContents(trx, 2));
  while ((await orphans()) > 0);
  return going.length;
}

async function setIds({ tenantId }: Customer): Promise<string[]> {
  const rows = await database.owner.db
    .selectFrom('backup_sets')
    .select('id')
    .where('tenant_id', '=', tenantId)
    .execute();
  return rows.map((row) => row.id);
}

/** A fingerprint of all rows retention must not touch, those of other tenants included. */
async function untouchable({ tenantId }: Customer): Promise<unknown> {
  const { rows } = await sql`
    select (select md5(string_agg(t::text, '' order by t::text)) from runs t) as runs,
      (select md5(string_agg(t::text, '' order by t::text)) from run_items t) as items,
      (select md5(string_agg(t::text, '' order by t::text)) from policies t) as policies,
      (select md5(string_agg(t::text, '' order by t::text)) from backup_sets t where tenant_id <> ${tenantId}) as sets,
      (select md5(string_agg(t::text, '' order by t::text)) from snapshots t where tenant_id <> ${tenantId}) as snapshots,
      (select md5(string_agg(t::text, '' order by t::text)) from snapshot_contents t where tenant_id <> ${tenantId}) as contents`.execute(
    database.owner.db,
  );
  return rows;
}

/** The unused rows of a tenant, which retention should have deleted. */
async function leftovers({ tenantId }: Customer): Promise<unknown> {
  const { rows } = await sql`
    select
      (select count(*)::int from snapshots s where tenant_id = ${tenantId}
        and not exists (select from backup_set_items i where i.snapshot_id = s.id)
        and not exists (select from policies p where p.last_snapshot_id = s.id)
        and exists (select from runs r where r.id = s.run_id and r.target_id is not null)) as snapshots,
      (select count(*)::int from snapshot_contents c where tenant_id = ${tenantId}
        and not exists (select from snapshots s where s.tenant_id = c.tenant_id and s.sha256 = c.sha256)) as contents,
      (select count(*)::int from content_references r where tenant_id = ${tenantId}
        and not exists (select from snapshot_contents c where c.tenant_id = r.tenant_id and c.sha256 = r.sha256)) as refs`.execute(
    database.owner.db,
  );
  return rows[0];
}

/** Counts the items of each set with a snapshot and readable content. */
async function readableItems(customer: Customer): Promise<Map<string, number>> {
  const { tenantId } = customer;
  const rows = await database.owner.db
    .selectFrom('backup_set_items')
    .leftJoin('snapshots', 'snapshots.id', 'backup_set_items.snapshot_id')
    .select(['backup_set_id', 'sha256'])
    .where('backup_set_items.tenant_id', '=', tenantId)
    .execute();
  const counts = new Map<string, number>();
  for (const { backup_set_id: id, sha256 } of rows) {
    if (sha256 === null) continue;
    await inTenant(database.app.db, tenantId, (trx) =>
      readSnapshotContent(trx, testCipher, sha256),
    );
    counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return counts;
}

interface Rule {
  readonly keepLast: number | null;
  readonly keepDays: number | null;
}

/** Computes the nights a rule keeps a second time, from its promise. Newest first. */
function keptOf(nights: readonly Night[], { keepLast, keepDays }: Rule): boolean[] {
  if (keepLast === null && keepDays === null) return nights.map(() => true);
  const scheduled = nights.filter((night) => night.byHand !== true);
  const newestComplete = scheduled.find(
    (night) => night.complete && !['queued', 'running'].includes(night.status),
  );
  return nights.map((night) => {
    if (night.byHand === true || night === newestComplete) return true;
    if (['queued', 'running'].includes(night.status)) return true;
    const newer = scheduled.slice(0, scheduled.indexOf(night));
    const made = newer.filter(({ status }) => ['succeeded', 'partial'].includes(status)).length;
    return (
      (keepLast !== null && made < keepLast) || (keepDays !== null && night.daysAgo < keepDays)
    );
  });
}

const statuses: readonly RunStatus[] = ['succeeded', 'partial', 'failed', 'canceled', 'running'];
const aNight = fc.record({
  status: fc.constantFrom(...statuses),
  complete: fc.boolean(),
  byHand: fc.boolean(),
  contents: fc.array(fc.option(fc.integer({ min: 0, max: 3 })), {
    minLength: policies,
    maxLength: policies,
  }),
});
const aRule = fc.record({
  keepLast: fc.option(fc.integer({ min: 1, max: 3 })),
  keepDays: fc.option(fc.integer({ min: 1, max: 6 })),
});

describe('retention', () => {
  // Catches: each protection left out of its statement (the newest complete set, sets of active runs, manual sets,
  // failed nights counted as backups, snapshots of kept sets, last snapshots, contents of both), a half-deleted set,
  // and unused rows left behind.
  it('retention deletes the sets no rule keeps, and no row in use', async () => {
    const histories = fc.array(aNight, { minLength: 1, maxLength: 7 });
    await fc.assert(
      fc.asyncProperty(histories, aRule, fc.boolean(), async (drawn, rule, byHand) => {
        // Newest first: tonight, one night ago, … Half a day off, so that no night is exactly as old as a rule.
        const nights = drawn.map((night, index) => ({ ...night, daysAgo: index + 0.5 }));
        const customer = await newCustomer(database, policies, rule);
        const ids: string[] = [];
        for (const night of nights.toReversed()) {
          ids.unshift(await addNight(database, customer, night));
        }
        const [policyId = ''] = customer.policyIds;
        const single = byHand ? await captureByHand(database, customer, policyId, 9) : null;
        const expected = keptOf(nights, rule);
        const before = await untouchable(customer);

        const gone = expected.filter((kept) => !kept).length;
        expect(await retain(customer)).toBe(gone);

        const kept = ids.filter((_id, index) => expected[index]);
        expect((await setIds(customer)).sort()).toEqual([...kept].sort());
        const readable = await readableItems(customer);
        for (const [index, night] of nights.entries()) {
          const items = night.contents.filter((content) => content !== null).length;
          expect(readable.get(ids[index] ?? '') ?? 0).toBe(expected[index] ? items : 0);
        }
        expect(await untouchable(customer)).toEqual(before);
        expect(await leftovers(customer)).toEqual({ snapshots: 0, contents: 0, refs: 0 });
        if (single !== null) {
          const rows = await database.owner.db
            .selectFrom('snapshots')
            .select('id')
            .where('id', '=', single)
            .execute();
          expect(rows).toHaveLength(1);
        }
        const audited = await database.owner.db
          .selectFrom('audit_events')
          .select('action')
          .where('tenant_id', '=', customer.tenantId)
          .execute();
        expect(audited).toHaveLength(gone);
        expect(await retain(customer)).toBe(0);
      }),
      { numRuns: 40 },
    );
  }, 60_000);

  const night: Night = { status: 'succeeded', complete: true, daysAgo: 1, contents: [1, 2, 3] };

  // Catches: a half-deleted set visible to people, and a round that does not continue an interrupted one.
  it('retention hides a marked set, and continues an interrupted round', async () => {
    const customer = await newCustomer(database, policies, { keepLast: 1, keepDays: null });
    const { tenantId, scheduleId } = customer;
    const old = await addNight(database, customer, { ...night, daysAgo: 2 });
    const newest = await addNight(database, customer, night);
    const { db } = database.app;
    await asRetention(db, tenantId, async (trx) => {
      const rule = { id: scheduleId, keep_last: 1, keep_days: null };
      expect(await markExpiredSets(trx, rule)).toEqual([old]);
      expect(await deletePieceOfSet(trx, old, 1)).toBe(true);
    });
    const seen = await inTenant(db, tenantId, (trx) =>
      listBackupSets(trx, { limit: 9, before: null }),
    );
    expect(seen.rows.map((row) => row.id)).toEqual([newest]);
    expect(await retain(customer)).toBe(1);
    expect(await setIds(customer)).toEqual([newest]);
    expect(await leftovers(customer)).toEqual({ snapshots: 0, contents: 0, refs: 0 });
  });

  // Catches: the deletion of a set compared with the tenant every day; a check before the lock, so that a schedule
  // created in between names a deleted set.
  it('retention spares a set as long as a schedule of drift checks names it', async () => {
    const customer = await newCustomer(database, policies, { keepLast: 1, keepDays: null });
    const { tenantId } = customer;
    const [named, other] = [
      await addNight(database, customer, { ...night, daysAgo: 3 }),
      await addNight(database, customer, { ...night, daysAgo: 2 }),
    ];
    const newest = await addNight(database, customer, night);
    const { db } = database.app;
    const id = uuidv7();
    const round = await inTenant(db, tenantId, async (trx) => {
      expect(await lockBackupSetForUse(trx, named)).toBe(true);
      // Skips the set while it is locked.
      const meanwhile = await retain(customer);
      await insertSchedule(trx, {
        ...{ id, createdBy: initiator },
        definition: {
          ...{ name: 'Drift', cron: '0 3 * * *', timeZone: 'UTC', backupSetId: named },
          ...{ jitterSeconds: 0, catchUpSeconds: 60, paused: false },
        },
      });
      return meanwhile;
    });
    expect([round, await retain(customer)]).toEqual([1, 0]);
    expect((await setIds(customer)).sort()).toEqual([named, newest].sort());
    expect(await setIds(customer)).not.toContain(other);
    await inTenant(db, tenantId, (trx) => deleteSchedule(trx, id));
    expect(await retain(customer)).toBe(1);
    expect(await setIds(customer)).toEqual([newest]);
  });

  // Catches: a snapshot of an undo deleted with a set that shares it, or a round failing over it for ever.
  it('retention spares a snapshot taken by a restore before its writes', async () => {
    const customer = await newCustomer(database, 1, { keepLast: 1, keepDays: null });
    const { tenantId } = customer;
    await addNight(database, customer, { ...night, daysAgo: 2, contents: [1] });
    const shared = await takenByRestore(customer);
    await addNight(database, customer, { ...night, contents: [2] });
    expect(await retain(customer)).toBe(1);
    const { db } = database.owner;
    const kept = db.selectFrom('snapshots').select('id').where('tenant_id', '=', tenantId);
    expect((await kept.execute()).map(({ id }) => id)).toContain(shared);
    expect(await leftovers(customer)).toMatchObject({ contents: 0 });
  });

  // Catches: concurrent rounds, each taking the other's rows for the end of a set, failing, or waiting for each other.
  it('concurrent rounds of retention delete each row once', async () => {
    const customer = await newCustomer(database, policies, { keepLast: 1, keepDays: null });
    for (let daysAgo = 9; daysAgo > 0; daysAgo -= 1) {
      await addNight(database, customer, { ...night, daysAgo, contents: [daysAgo, 1, 2] });
    }
    const rule = { id: customer.scheduleId, keep_last: 1, keep_days: null };
    await asRetention(database.app.db, customer.tenantId, (trx) => markExpiredSets(trx, rule));
    await Promise.all(Array.from({ length: 4 }, () => retain(customer)));
    // The next round deletes the rows one round found locked by the other.
    await retain(customer);
    expect(await setIds(customer)).toHaveLength(1);
    expect(await leftovers(customer)).toEqual({ snapshots: 0, contents: 0, refs: 0 });
  });

  // Catches: content deleted just before a capture uses it again.
  it('retention spares content locked by a capture', async () => {
    const customer = await newCustomer(database, 1, { keepLast: 1, keepDays: null });
    const { tenantId } = customer;
    await addNight(database, customer, { ...night, daysAgo: 2, contents: [1] });
    await addNight(database, customer, { ...night, contents: [2] });
    await inTenant(database.app.db, tenantId, async (trx) => {
      // The lock of a capture between finding the content and inserting its snapshot.
      await sql`select from snapshot_contents where tenant_id = ${tenantId} for key share`.execute(
        trx,
      );
      expect(await retain(customer)).toBe(1);
    });
    const contents = () =>
      database.owner.db
        .selectFrom('snapshot_contents')
        .select('sha256')
        .where('tenant_id', '=', tenantId)
        .execute();
    expect(await contents()).toHaveLength(2);
    await retain(customer);
    expect(await contents()).toHaveLength(1);
  });

  // Catches: a set deleted while a run uses it, or begins to.
  it('retention spares a set used by a run started meanwhile', async () => {
    const customer = await newCustomer(database, 1, { keepLast: 1, keepDays: null });
    const { tenantId } = customer;
    const old = await addNight(database, customer, { ...night, daysAgo: 2, contents: [1] });
    await addNight(database, customer, { ...night, contents: [2] });
    await inTenant(database.app.db, tenantId, async (trx) => {
      await sql`select from backup_sets where tenant_id = ${tenantId} and id = ${old} for key share`.execute(
        trx,
      );
      expect(await retain(customer)).toBe(0);
    });
    expect(await setIds(customer)).toContain(old);
  });
});

describe('the role of retention', () => {
  const trx = (customer: Customer, statement: ReturnType<typeof sql>) =>
    asRetention(database.app.db, customer.tenantId, (each) => statement.execute(each));

  // Catches: a right beyond need.
  it('the retention role has no rights beyond its deletions', async () => {
    const customer = await newCustomer(database, 1, { keepLast: 1, keepDays: null });
    const refused = [
      sql`select ciphertext from snapshot_contents`,
      sql`select name from backup_sets`,
      sql`select display_name from policies`,
      sql`select parameters from runs`,
      sql`select * from members`,
      sql`select * from audit_events`,
      sql`delete from policies`,
      sql`delete from runs`,
      sql`delete from backup_schedules`,
      sql`delete from audit_events`,
      sql`update backup_sets set name = 'x'`,
      sql`update snapshot_contents set ciphertext = ''`,
      sql`update snapshots set warnings = '[]'`,
      sql`truncate snapshots`,
    ];
    for (const statement of refused) {
      await expect(trx(customer, statement)).rejects.toThrow(/permission denied/);
    }
  });

  // Catches: a policy of the role without its tenant, or with manual sets in its reach.
  it('the retention role reaches the scheduled sets of one tenant only', async () => {
    const [mine, other] = [
      await newCustomer(database, 1, { keepLast: 1, keepDays: null }),
      await newCustomer(database, 1, { keepLast: 1, keepDays: null }),
    ];
    const night = { status: 'succeeded', complete: true, daysAgo: 9, contents: [1] } as const;
    await addNight(database, mine, { ...night, byHand: true });
    await addNight(database, other, night);
    const before = [await setIds(mine), await setIds(other)];
    await trx(mine, sql`delete from backup_sets`);
    await trx(mine, sql`update backup_sets set deleting_at = now()`);
    expect([await setIds(mine), await setIds(other)]).toEqual(before);
    const { rows } = await sql`select from backup_sets where deleting_at is not null`.execute(
      database.owner.db,
    );
    expect(rows).toEqual([]);
  });
});
