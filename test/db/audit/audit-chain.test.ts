import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type RawBuilder, sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import { verifyAuditTrail, type VerifiedTrail } from '#db/audit/verify-audit-trail.ts';
import { inTenant } from '#db/database.ts';
import {
  appendEvent,
  dropConstraints,
  newTrail,
  readTrail,
  recompute,
} from '#test/db/support/audit-trails.ts';
import { newTenant } from '#test/db/support/run-rows.ts';
import { createTestDatabase, type TestDatabase } from '#test/support/database.ts';

let database: TestDatabase;
/** A database without the constraints on the trail, which a superuser has dropped. */
let open: TestDatabase;
beforeAll(async () => {
  [database, open] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  await dropConstraints(open);
});
afterAll(() => Promise.all([database.drop(), open.drop()]));

const verify = (of: TestDatabase, tenantId: string, expected: readonly string[] = []) =>
  verifyAuditTrail(of.app.db, tenantId, { expected: new Set(expected), onPage: () => undefined });

describe('the audit trail of a tenant', () => {
  const writers = 64;
  const eventsOfEach = 20;

  // Catches: a head read without a lock, so that two events follow the same one and all but one fail; times read before
  // the lock; a walk continuing at a wrong place after a page.
  it('audit events form one chain when many transactions append at once', async () => {
    const [tenantId, neighbour] = [await newTenant(database), await newTenant(database)];
    await Promise.all(
      Array.from({ length: writers }, async (_, writer) => {
        for (let n = 0; n < eventsOfEach; n += 1) {
          await appendEvent(database, writer % 8 === 0 ? neighbour : tenantId, n);
        }
      }),
    );
    const rows = await readTrail(database, tenantId);
    const count = writers * eventsOfEach * (7 / 8);
    expect(rows.map(({ seq }) => seq)).toEqual(Array.from({ length: count }, (_, n) => n + 1));
    const times = rows.map(({ at }) => at.valueOf());
    expect(times).toEqual(times.toSorted((x, y) => x - y));
    const found = await verify(database, tenantId);
    expect(found).toMatchObject({ events: count, fault: null });
    expect(found.head).toBe(rows.at(-1)?.hash.toString('hex'));
    expect(await verify(database, neighbour)).toMatchObject({ events: count / 7, fault: null });
  });

  // Catches: an event left behind after the rollback of its deed.
  it('the audit trail has no gap after a rollback', async () => {
    const tenantId = await newTrail(database, 3);
    const takeBack = inTenant(database.app.db, tenantId, async () => {
      await appendEvent(database, tenantId, 4);
      throw new Error('taken back');
    });
    await expect(takeBack).rejects.toThrow('taken back');
    await appendEvent(database, tenantId, 5);
    expect(await verify(database, tenantId)).toMatchObject({ events: 5, fault: null });
  });

  // Catches: rights by which a stolen connection of the application could cover its traces.
  it('the application can neither change events nor move a head other than to the next event', async () => {
    const tenantId = await newTrail(database, 5);
    const [first, , third] = await readTrail(database, tenantId);
    const attempts = [
      sql`delete from audit_heads`,
      sql`truncate audit_heads`,
      sql`update audit_heads set tenant_id = ${uuidv7()}`,
      sql`update audit_heads set seq = 3, hash = ${third?.hash}`,
      sql`update audit_heads set seq = 0, hash = null`,
      sql`update audit_heads set hash = ${first?.hash}`,
      sql`update audit_heads set seq = 6`,
      sql`insert into audit_heads (tenant_id, seq) values (${tenantId}, 0)`,
      // A second successor of an event, and an event after a gap.
      sql`insert into audit_events (tenant_id, id, at, actor, action, details, seq, previous_hash, hash)
        values (${tenantId}, ${uuidv7()}, now(), 'x', 'y', '{}', 4, ${third?.hash}, sha256('x'))`,
      sql`insert into audit_events (tenant_id, id, at, actor, action, details, seq, previous_hash, hash)
        values (${tenantId}, ${uuidv7()}, now(), 'x', 'y', '{}', 7, ${third?.hash}, sha256('x'))`,
      sql`insert into audit_events (tenant_id, id, at, actor, action, details, seq, previous_hash, hash)
        values (${tenantId}, ${uuidv7()}, now(), 'x', 'y', '{}', 6, null, sha256('x'))`,
    ];
    for (const attempt of attempts) {
      await expect(
        inTenant(database.app.db, tenantId, (trx) => attempt.execute(trx)),
      ).rejects.toThrow(/permission denied|head of an audit trail|violates/);
    }
    expect(await verify(database, tenantId)).toMatchObject({ events: 5, fault: null });
  });
});

describe('tampering by a superuser', () => {
  const events = 12;
  const k = 5;

  interface Tampering {
    /** The manipulation of a tenant's trail; `other` is a tenant with an equal trail. */
    readonly does: (tenantId: string, other: string) => RawBuilder<unknown>[];
    /** The number of intact events before the break, and the fault of the report. */
    readonly sound: number;
    readonly says: RegExp;
  }

  const changed = /^event 5 \([0-9a-f-]{36}\): it is no longer what was written$/;
  const edit = (assignment: RawBuilder<unknown>, says = changed): Tampering => ({
    does: (tenantId) => [
      sql`update audit_events set ${assignment} where tenant_id = ${tenantId} and seq = ${k}`,
    ],
    sound: k - 1,
    says,
  });
  const notNext = /^event \d+ \(.*\): an event is missing.*event 5 should come next$/;
  const notFollowing = /^event 5 .*does not follow the event before it/;

  const kinds: Readonly<Record<string, Tampering>> = {
    'another id': edit(sql`id = gen_random_uuid()`),
    'another time': edit(sql`at = at + interval '1 ms'`),
    'no time': edit(sql`at = 'infinity'`),
    'another actor': edit(sql`actor = 'somebody else'`),
    'another action': edit(sql`action = 'test.seen'`),
    'another run': edit(sql`run_id = gen_random_uuid()`),
    'no target': edit(sql`target = null`),
    'another target': edit(sql`target = jsonb_set(target, '{id}', '"6"')`),
    'another detail': edit(sql`details = jsonb_set(details, '{n}', '6')`),
    'a detail more': edit(sql`details = details || '{"m":1}'`),
    'another hash': edit(sql`hash = sha256('x')`),
    'another previous hash': edit(sql`previous_hash = sha256('x')`, notFollowing),
    'another number': edit(sql`seq = 500`, notNext),
    'an event deleted': {
      does: (tenantId) => [
        sql`delete from audit_events where tenant_id = ${tenantId} and seq = ${k}`,
      ],
      ...{ sound: k - 1, says: notNext },
    },
    'an event deleted, the later ones moved up': {
      does: (tenantId) => [
        sql`delete from audit_events where tenant_id = ${tenantId} and seq = ${k}`,
        sql`update audit_events set seq = seq - 1 where tenant_id = ${tenantId} and seq > ${k}`,
      ],
      ...{ sound: k - 1, says: notFollowing },
    },
    'the first event deleted': {
      does: (tenantId) => [sql`delete from audit_events where tenant_id = ${tenantId} and seq = 1`],
      ...{ sound: 0, says: /event 1 should come next/ },
    },
    'an event put in twice': {
      does: (tenantId) => [
        sql`insert into audit_events (tenant_id, id, at, actor, action, run_id, target, details, seq, previous_hash, hash)
          select tenant_id, 'ffffffff-ffff-4fff-bfff-ffffffffffff', at, actor, action, run_id, target, details, seq, previous_hash, hash
          from audit_events where tenant_id = ${tenantId} and seq = ${k - 1}`,
      ],
      ...{ sound: k - 1, says: notNext },
    },
    'an event put after the last': {
      does: (tenantId) => [
        sql`insert into audit_events (tenant_id, id, at, actor, action, run_id, target, details, seq, previous_hash, hash)
          select tenant_id, gen_random_uuid(), at, actor, action, run_id, target, details, seq + 1, hash, sha256('x')
          from audit_events where tenant_id = ${tenantId} and seq = ${events}`,
      ],
      ...{ sound: events, says: /^event 13 .* no longer what was written/ },
    },
    'two events exchanged': {
      does: (tenantId) => [
        sql`update audit_events set seq = ${2 * k + 1}::integer - seq
          where tenant_id = ${tenantId} and seq in (${k}, ${k + 1})`,
      ],
      ...{ sound: k - 1, says: notFollowing },
    },
    'an event exchanged with that of another tenant': {
      does: (tenantId, other) => [
        sql`update audit_events
          set tenant_id = case when tenant_id = ${tenantId} then ${other}::uuid else ${tenantId}::uuid end
          where tenant_id in (${tenantId}, ${other}) and seq = ${k}`,
      ],
      ...{ sound: k - 1, says: notFollowing },
    },
    'all events exchanged with those of another tenant': {
      does: (tenantId, other) => [
        sql`update audit_events
          set tenant_id = case when tenant_id = ${tenantId} then ${other}::uuid else ${tenantId}::uuid end
          where tenant_id in (${tenantId}, ${other})`,
        sql`update audit_heads h set hash = e.hash from audit_events e
          where e.tenant_id = h.tenant_id and e.seq = h.seq and h.tenant_id in (${tenantId}, ${other})`,
      ],
      ...{ sound: 0, says: /^event 1 .* no longer what was written/ },
    },
    'the tail cut off': {
      does: (tenantId) => [
        sql`delete from audit_events where tenant_id = ${tenantId} and seq > ${events - 2}`,
      ],
      ...{ sound: events - 2, says: /^the events 11 to 12 are missing$/ },
    },
    'everything deleted but the head': {
      does: (tenantId) => [sql`delete from audit_events where tenant_id = ${tenantId}`],
      ...{ sound: 0, says: /^the events 1 to 12 are missing$/ },
    },
    'the head deleted': {
      does: (tenantId) => [sql`delete from audit_heads where tenant_id = ${tenantId}`],
      ...{ sound: events, says: /^the head says that event 0 is the last one$/ },
    },
    'the head set back': {
      does: (tenantId) => [
        sql`update audit_heads h set seq = ${k}, hash = e.hash from audit_events e
          where e.tenant_id = ${tenantId} and e.seq = ${k} and h.tenant_id = e.tenant_id`,
      ],
      ...{ sound: events, says: /^the head says that event 5 is the last one$/ },
    },
    'the head with another hash': {
      does: (tenantId) => [
        sql`update audit_heads set hash = sha256('x') where tenant_id = ${tenantId}`,
      ],
      ...{ sound: events, says: /^the head names another hash/ },
    },
  };

  // Catches: a row missing from all pages, since a row without a number comes after no other.
  it('tampering is found in a row missing from all pages', async () => {
    const [fullPage, tenantId] = [500, await newTrail(open, 501)];
    const { db } = open.owner;
    await sql`alter table audit_events alter column seq drop not null`.execute(db);
    await sql`update audit_events set seq = null where tenant_id = ${tenantId} and seq = 501`.execute(
      db,
    );
    await sql`update audit_heads h set seq = e.seq, hash = e.hash from audit_events e
      where e.tenant_id = ${tenantId} and e.seq = ${fullPage} and h.tenant_id = e.tenant_id`.execute(
      db,
    );
    expect(await verify(open, tenantId)).toMatchObject({
      ...{ events: fullPage, fault: 'events without a place in the chain: 1' },
    });
  });

  async function tampered(kind: Tampering): Promise<VerifiedTrail> {
    const [tenantId, other] = [await newTrail(open, events), await newTrail(open, events)];
    expect(await verify(open, tenantId)).toMatchObject({ events, fault: null });
    for (const statement of kind.does(tenantId, other)) await statement.execute(open.owner.db);
    return verify(open, tenantId);
  }

  // Catches, one mutation a kind: a column left out of the hash, or a comparison left out of the walk.
  it.each(Object.keys(kinds))('verification finds and locates %s', async (name) => {
    const kind = kinds[name]!;
    const found = await tampered(kind);
    expect(found.fault).toMatch(kind.says);
    expect(found.events).toBe(kind.sound);
  });

  // Catches: a verification content with a consistent chain. A superuser with access to the head can recompute the
  // chain from any event on; only a hash stored elsewhere reveals it.
  it('a recomputed chain is found by a head stored elsewhere', async () => {
    const tenantId = await newTrail(open, events);
    const heads = (await readTrail(open, tenantId)).map(({ hash }) => hash.toString('hex'));
    const [early, late] = [heads[2] ?? '', heads.at(-1) ?? ''];
    expect((await verify(open, tenantId, [early, late])).seen).toEqual([early, late]);
    await sql`update audit_events set actor = 'x' where tenant_id = ${tenantId} and seq = ${k}`.execute(
      open.owner.db,
    );
    await recompute(open, tenantId, k);
    const found = await verify(open, tenantId, [early, late]);
    expect(found).toMatchObject({ events, fault: null, seen: [early] });
    // The same for a tail cut off together with its head.
    await sql`delete from audit_events where tenant_id = ${tenantId} and seq > 2`.execute(
      open.owner.db,
    );
    await recompute(open, tenantId, events);
    const cut = await verify(open, tenantId, [early, late]);
    expect(cut).toMatchObject({ events: 2, fault: null, seen: [] });
  });
});
