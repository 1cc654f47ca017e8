import { type Kysely, sql } from 'kysely';

/** The inventory of policies, and snapshots; contents are stored once per tenant and hash. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table policies (
      tenant_id uuid not null references tenants,
      id uuid not null,
      policy_type text not null,
      graph_id text not null,
      display_name text not null,
      platform text,
      present boolean not null,
      last_modified_at timestamptz,
      last_captured_at timestamptz,
      last_snapshot_id uuid,
      last_seen_at timestamptz not null,
      primary key (tenant_id, id),
      unique (tenant_id, policy_type, graph_id)
    )`.execute(db);
  await sql`
    create table snapshot_contents (
      tenant_id uuid not null references tenants,
      sha256 bytea not null check (octet_length(sha256) = 32),
      canonical_sha256 bytea not null check (octet_length(canonical_sha256) = 32),
      byte_length integer not null,
      key_id text not null,
      nonce bytea not null check (octet_length(nonce) = 12),
      ciphertext bytea not null,
      created_at timestamptz not null default now(),
      primary key (tenant_id, sha256)
    )`.execute(db);
  await sql`
    create table snapshots (
      tenant_id uuid not null,
      id uuid not null,
      policy_id uuid not null,
      run_id uuid not null,
      policy_type text not null,
      display_name text not null,
      graph_id text not null,
      sha256 bytea not null,
      complete boolean not null,
      warnings jsonb not null default '[]',
      captured_at timestamptz not null default now(),
      primary key (tenant_id, id),
      unique (tenant_id, run_id, policy_id),
      foreign key (tenant_id, policy_id) references policies (tenant_id, id),
      foreign key (tenant_id, run_id) references runs (tenant_id, id),
      foreign key (tenant_id, sha256) references snapshot_contents (tenant_id, sha256)
    )`.execute(db);
  await sql`create index snapshots_of_policy on snapshots (tenant_id, policy_id, id)`.execute(db);
  await sql`
    alter table policies add foreign key (tenant_id, last_snapshot_id)
    references snapshots (tenant_id, id)`.execute(db);

  for (const name of ['policies', 'snapshot_contents', 'snapshots']) {
    const table = sql.table(name);
    await sql`alter table ${table} enable row level security, force row level security`.execute(db);
    await sql`
      create policy of_tenant on ${table} to tenantry_app
      using (tenant_id = app_tenant_id()) with check (tenant_id = app_tenant_id())`.execute(db);
  }
  await sql`grant select, insert, update on policies to tenantry_app`.execute(db);
  // The application never changes or deletes a snapshot; only retention deletes, with a right of its own.
  await sql`grant select, insert on snapshot_contents, snapshots to tenantry_app`.execute(db);
}
