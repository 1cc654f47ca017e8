import { type Kysely, sql } from 'kysely';

/**
 * Plans of restores, their writes, and the counterparts of a source's objects. The plan contains its documents, sealed:
 * the restore writes the documents of the preview, even after the backup set is gone.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  // Two restores at once would take each other's writes for drift.
  await sql`
    create unique index runs_one_writer on runs (tenant_id)
    where status in ('queued', 'running') and operation_type in ('restore.execute', 'restore.undo')`.execute(
    db,
  );
  // A name alone does not distinguish an app for iOS from one for Windows.
  await sql`alter table policies add column odata_type text`.execute(db);
  await sql`
    create table restore_items (
      tenant_id uuid not null,
      run_id uuid not null,
      item_id uuid not null,
      source_tenant_id uuid not null,
      source_graph_id text not null,
      -- Of the snapshot's content in the source; null for what is deleted.
      source_sha256 bytea check (octet_length(source_sha256) = 32),
      -- Items of one group are written at the same time, after those of lower groups.
      group_number integer not null,
      -- The number by which it is handed out to be written; null for what needs no writing.
      write_number integer,
      target_graph_id text,
      target_found_by text check (target_found_by in ('id', 'mapping', 'name')),
      target_candidates integer not null default 0,
      action text check (action in ('create', 'update', 'none', 'blocked', 'delete')),
      blocked_code text,
      assignments_blocked boolean not null default false,
      live_hash text,
      -- The rest of the plan, for people and for whoever carries it out.
      sha256 bytea check (octet_length(sha256) = 32),
      key_id text,
      nonce bytea check (octet_length(nonce) = 12),
      ciphertext bytea,
      -- How far carrying it out has come.
      checked_at timestamptz,
      snapshot_id uuid,
      written_hash text,
      primary key (tenant_id, run_id, item_id),
      foreign key (tenant_id, run_id, item_id) references run_items (tenant_id, run_id, item_id),
      foreign key (tenant_id, snapshot_id) references snapshots (tenant_id, id)
    )`.execute(db);
  await sql`
    create unique index restore_items_write on restore_items (tenant_id, run_id, write_number)
    where write_number is not null`.execute(db);
  await sql`alter table restore_items alter column ciphertext set storage external`.execute(db);
  await sql`
    create index restore_items_snapshot on restore_items (tenant_id, snapshot_id)
    where snapshot_id is not null`.execute(db);
  // The counterparts of the objects referred to by a plan's items.
  await sql`
    create table restore_references (
      tenant_id uuid not null,
      run_id uuid not null,
      policy_type text not null,
      source_graph_id text not null,
      graph_id text,
      found_by text check (found_by in ('id', 'mapping', 'name')),
      item_id uuid,
      primary key (tenant_id, run_id, policy_type, source_graph_id),
      foreign key (tenant_id, run_id) references runs (tenant_id, id)
    )`.execute(db);
  await sql`
    create table restored_objects (
      tenant_id uuid not null,
      source_tenant_id uuid not null,
      policy_type text not null,
      source_graph_id text not null,
      graph_id text not null,
      run_id uuid not null,
      restored_at timestamptz not null default now(),
      primary key (tenant_id, source_tenant_id, policy_type, source_graph_id),
      foreign key (tenant_id, run_id) references runs (tenant_id, id)
    )`.execute(db);
  await sql`
    create table graph_writes (
      tenant_id uuid not null,
      run_id uuid not null,
      item_id uuid not null,
      name text not null,
      policy_type text not null,
      method text not null,
      path text not null,
      repeatable boolean not null,
      state text not null check (state in ('intended', 'done', 'refused')),
      -- How often it was meant to be sent, and when last, by this database's clock.
      claims integer not null default 1,
      intended_at timestamptz not null default clock_timestamp(),
      done_at timestamptz,
      object_id text,
      status integer,
      -- What bore the name of the item before it was first meant to be sent: none of it is what the write has made.
      known_ids text[] not null default '{}',
      -- The exact bytes.
      sha256 bytea check (octet_length(sha256) = 32),
      key_id text,
      nonce bytea check (octet_length(nonce) = 12),
      ciphertext bytea,
      primary key (tenant_id, run_id, item_id, name),
      foreign key (tenant_id, run_id, item_id) references restore_items (tenant_id, run_id, item_id)
    )`.execute(db);
  await sql`alter table graph_writes alter column ciphertext set storage external`.execute(db);
  // A created object belongs to one item, even if another item finds it.
  await sql`
    create unique index graph_writes_object on graph_writes (tenant_id, policy_type, object_id)
    where name = 'create' and object_id is not null`.execute(db);
  for (const name of ['restore_items', 'restore_references', 'restored_objects', 'graph_writes']) {
    const table = sql.table(name);
    await sql`alter table ${table} enable row level security, force row level security`.execute(db);
    await sql`
      create policy of_tenant on ${table} to tenantry_app
      using (tenant_id = app_tenant_id()) with check (tenant_id = app_tenant_id())`.execute(db);
    await sql`grant select, insert, update on ${table} to tenantry_app`.execute(db);
  }
}
