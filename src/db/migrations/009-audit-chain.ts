import { type Kysely, sql } from 'kysely';
import { hashOfUnchainedEvent, type UnchainedEvent } from './009-audit-event-hash.ts';

/**
 * Chains the audit events of each tenant: each event has the hash of the previous one, and the head has that of the
 * last. Keys and constraints keep an event from having a wrong predecessor, two successors or a gap before it. Hashes
 * reveal the changes of a superuser, whom no key stops.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  // Forced row-level security would hide the rows from an owner without superuser rights.
  await sql`alter table audit_events no force row level security`.execute(db);
  await sql`
    alter table audit_events alter column at type timestamptz(3), -- what is hashed is what is read back
      add column seq integer, add column previous_hash bytea, add column hash bytea`.execute(db);
  await chainEvents(db);
  await sql`
    alter table audit_events
      alter column seq set not null, alter column hash set not null,
      add column previous_seq integer generated always as (nullif(seq - 1, 0)) stored,
      add check (seq >= 1), add check (octet_length(hash) = 32),
      add check ((seq = 1) = (previous_hash is null)),
      add check (jsonb_typeof(target) = 'object'), add check (jsonb_typeof(details) = 'object'),
      add unique (tenant_id, seq, hash)`.execute(db);
  await sql`create unique index audit_events_seq on audit_events (tenant_id, seq)`.execute(db);
  await sql`
    alter table audit_events add foreign key (tenant_id, previous_seq, previous_hash)
      references audit_events (tenant_id, seq, hash)`.execute(db);
  await sql`
    create table audit_heads (
      tenant_id uuid primary key references tenants,
      seq integer not null default 0,
      hash bytea,
      check ((seq = 0) = (hash is null)),
      foreign key (tenant_id, seq, hash) references audit_events (tenant_id, seq, hash)
    )`.execute(db);
  await sql`
    insert into audit_heads select distinct on (tenant_id) tenant_id, seq, hash
    from audit_events order by tenant_id, seq desc`.execute(db);
  await sql`alter table audit_events force row level security`.execute(db);
  await fenceHeads(db);
}

/** An appending transaction moves the head to its new event; the trigger refuses any other move. */
async function fenceHeads(db: Kysely<unknown>): Promise<void> {
  await sql`alter table audit_heads enable row level security, force row level security`.execute(
    db,
  );
  for (const role of ['tenantry_app', 'tenantry_retention']) {
    const name = sql.id(role);
    await sql`
      create policy ${sql.id(`of_${role}`)} on audit_heads to ${name}
      using (tenant_id = app_tenant_id()) with check (tenant_id = app_tenant_id())`.execute(db);
    await sql`
      grant select, insert (tenant_id), update (seq, hash) on audit_heads to ${name}`.execute(db);
  }
  await sql`
    create function refuse_other_audit_head() returns trigger language plpgsql as $$
    begin
      raise exception 'the head of an audit trail moves on by one event' using errcode = 'insufficient_privilege';
    end $$`.execute(db);
  await sql`
    create trigger head_moves_on before update on audit_heads for each row
    when (new.seq not in (old.seq, old.seq + 1) or (new.seq = old.seq and new.hash is distinct from old.hash))
    execute function refuse_other_audit_head()`.execute(db);
}

/** Events in one query. */
const pageSize = 500;

/** Numbers the existing events in the order of their ids, which is their order in time. */
async function chainEvents(db: Kysely<unknown>): Promise<void> {
  let last = { tenantId: '00000000-0000-0000-0000-000000000000', id: '', seq: 0, hash: '' };
  for (;;) {
    const after = last.id === '' ? last.tenantId : last.id;
    const { rows } = await sql<UnchainedEvent>`
      select * from audit_events where (tenant_id, id) > (${last.tenantId}::uuid, ${after}::uuid)
      order by tenant_id, id limit ${pageSize}`.execute(db);
    const links = rows.map((row) => {
      const follows = row.tenant_id === last.tenantId;
      const previousHash = follows ? last.hash : null;
      const hash = hashOfUnchainedEvent(row, previousHash);
      last = { tenantId: row.tenant_id, id: row.id, seq: follows ? last.seq + 1 : 1, hash };
      return { ...last, previousHash };
    });
    await writeLinks(db, links);
    if (rows.length < pageSize) return;
  }
}

async function writeLinks(
  db: Kysely<unknown>,
  links: readonly {
    readonly tenantId: string;
    readonly id: string;
    readonly seq: number;
    readonly hash: string;
    readonly previousHash: string | null;
  }[],
): Promise<void> {
  await sql`
    update audit_events e set seq = (l ->> 'seq')::integer,
      hash = decode(l ->> 'hash', 'hex'), previous_hash = decode(l ->> 'previousHash', 'hex')
    from jsonb_array_elements(${JSON.stringify(links)}::jsonb) l
    where e.tenant_id = (l ->> 'tenantId')::uuid and e.id = (l ->> 'id')::uuid`.execute(db);
}
