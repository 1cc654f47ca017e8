import { type Kysely, sql } from 'kysely';

/** The zips of exports and imports, sealed like snapshots and cut into chunks, until they expire. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table archives (
      tenant_id uuid not null,
      id uuid not null,
      kind text not null check (kind in ('export', 'import')),
      generation integer not null default 0,
      complete boolean not null default false,
      chunk_count integer,
      byte_length bigint,
      sha256 bytea check (octet_length(sha256) = 32),
      expires_at timestamptz not null,
      primary key (tenant_id, id),
      foreign key (tenant_id, id) references runs (tenant_id, id),
      check (not complete or (chunk_count is not null and byte_length is not null and sha256 is not null))
    )`.execute(db);
  await sql`
    create table archive_chunks (
      tenant_id uuid not null,
      archive_id uuid not null,
      generation integer not null,
      seq integer not null,
      sha256 bytea not null check (octet_length(sha256) = 32),
      key_id text not null,
      nonce bytea not null check (octet_length(nonce) = 12),
      ciphertext bytea not null,
      primary key (tenant_id, archive_id, generation, seq),
      foreign key (tenant_id, archive_id) references archives (tenant_id, id) on delete cascade
    )`.execute(db);
  // Encrypted bytes do not compress.
  await sql`alter table archive_chunks alter column ciphertext set storage external`.execute(db);
  for (const name of ['archives', 'archive_chunks']) {
    const table = sql.table(name);
    await sql`alter table ${table} enable row level security, force row level security`.execute(db);
    await sql`
      create policy of_tenant on ${table} to tenantry_app
      using (tenant_id = app_tenant_id()) with check (tenant_id = app_tenant_id())`.execute(db);
  }
  await sql`grant select, insert, update, delete on archives to tenantry_app`.execute(db);
  await sql`grant select, insert, delete on archive_chunks to tenantry_app`.execute(db);
}
