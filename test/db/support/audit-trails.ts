import { sql } from 'kysely';
import { auditEventOf } from '#db/audit/audit-event-of.ts';
import { insertAuditEvent } from '#db/audit/audit-events.ts';
import { inTenant } from '#db/database.ts';
import type { AuditEventRow } from '#db/tables.ts';
import { auditEventHash } from '#domain/audit/audit-event.ts';
import type { TestDatabase } from '#test/support/database.ts';
import { newTenant, runIn } from './run-rows.ts';

/** Appends one event as the product does. */
export function appendEvent(database: TestDatabase, tenantId: string, n: number): Promise<void> {
  return inTenant(database.app.db, tenantId, (trx) =>
    insertAuditEvent(trx, {
      ...{ actor: `actor-${n}`, action: 'test.done', target: { type: 'test', id: String(n) } },
      details: { n, fraction: n / 3, text: 'Zürich "\u2028" \\', none: undefined, list: [n, null] },
    }),
  );
}

/** Creates a tenant with this number of events, the last with a run. */
export async function newTrail(database: TestDatabase, events: number): Promise<string> {
  const tenantId = await newTenant(database);
  for (let n = 1; n < events; n += 1) await appendEvent(database, tenantId, n);
  const { id: runId } = await runIn(database, tenantId, 'succeeded');
  await inTenant(database.app.db, tenantId, (trx) =>
    insertAuditEvent(trx, { actor: 'last', action: 'test.ended', runId, details: {} }),
  );
  return tenantId;
}

/** Reads the events of a tenant in the order of the chain. */
export function readTrail(database: TestDatabase, tenantId: string): Promise<AuditEventRow[]> {
  return database.owner.db
    .selectFrom('audit_events')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .orderBy('seq')
    .execute();
}

/** Drops, as a superuser can, all constraints on rows this product never writes. */
export async function dropConstraints({ owner: { db } }: TestDatabase): Promise<void> {
  const { rows } = await sql<{ name: string; table: string }>`
    select conname as name, conrelid::regclass::text as table from pg_constraint
    where conrelid in ('audit_events'::regclass, 'audit_heads'::regclass)
      and contype in ('f', 'u', 'c') order by contype = 'f' desc`.execute(db);
  for (const { name, table } of rows) {
    await sql`alter table ${sql.table(table)} drop constraint if exists ${sql.id(name)} cascade`.execute(
      db,
    );
  }
  await sql`drop index audit_events_seq`.execute(db);
  await sql`drop trigger head_moves_on on audit_heads`.execute(db);
}

/** Recomputes the hashes of a tenant from one event on, and the head, as an informed attacker would. */
export async function recompute(
  database: TestDatabase,
  tenantId: string,
  from: number,
): Promise<void> {
  const { db } = database.owner;
  let previous: Buffer | null = null;
  for (const row of await readTrail(database, tenantId)) {
    if (row.seq >= from) {
      const event = auditEventOf({ ...row, previous_hash: previous });
      row.hash = Buffer.from(auditEventHash(event), 'hex');
      await db
        .updateTable('audit_events')
        .set({ previous_hash: previous, hash: row.hash })
        .where('tenant_id', '=', tenantId)
        .where('seq', '=', row.seq)
        .execute();
    }
    previous = row.hash;
    await db
      .updateTable('audit_heads')
      .set({ seq: row.seq, hash: row.hash })
      .where('tenant_id', '=', tenantId)
      .execute();
  }
}
