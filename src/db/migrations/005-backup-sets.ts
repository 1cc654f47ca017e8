import { type Kysely, sql } from 'kysely';

/** Backup sets: named sets of snapshots, with the result of each type's listing; and the references of contents. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table backup_sets (
      tenant_id uuid not null references tenants,
      id uuid not null,
      name text not null,
      origin text not null check (origin in ('backup', 'import')),
      schedule_id uuid, -- the backup schedule whose run made it
      created_by_id text not null,
      created_by_name text not null,
      created_at timestamptz not null default now(),
      manifest jsonb, -- as of the end of the last run that filled the set; null before
      primary key (tenant_id, id)
    )`.execute(db);
  await sql`create index backup_sets_id on backup_sets (id)`.execute(db);
  await sql`
    create table backup_set_types (
      tenant_id uuid not null,
      backup_set_id uuid not null,
      policy_type text not null,
      run_id uuid not null, -- the last run that asked Graph for the type
      listed integer, -- what the whole listing of the type had; null when only some were chosen
      built_in integer not null default 0,
      forbidden boolean not null default false,
      unsupported boolean not null default false,
      error_code text, -- why the listing failed, where it did
      primary key (tenant_id, backup_set_id, policy_type),
      foreign key (tenant_id, backup_set_id) references backup_sets (tenant_id, id),
      foreign key (tenant_id, run_id) references runs (tenant_id, id)
    )`.execute(db);
  await sql`
    create table backup_set_items (
      tenant_id uuid not null,
      backup_set_id uuid not null,
      backup_item_id uuid not null,
      policy_id uuid not null,
      snapshot_id uuid, -- null until it is captured
      warnings jsonb not null default '[]', -- of the policy among the others; its snapshot has its own
      primary key (tenant_id, backup_item_id),
      unique (tenant_id, backup_set_id, policy_id),
      foreign key (tenant_id, backup_set_id) references backup_sets (tenant_id, id),
      foreign key (tenant_id, policy_id) references policies (tenant_id, id),
      foreign key (tenant_id, snapshot_id) references snapshots (tenant_id, id)
    )`.execute(db);
  await sql`
    create index backup_set_items_of_set on backup_set_items (tenant_id, backup_set_id, backup_item_id)`.execute(
    db,
  );
  await sql`
    create index backup_set_items_snapshot on backup_set_items (tenant_id, snapshot_id)`.execute(
    db,
  );

  // Workers fetch the items of a large run by number; see activities/backup/capture-items.ts.
  await sql`alter table run_items add column ordinal integer`.execute(db);
  await sql`
    create unique index run_items_ordinal on run_items (tenant_id, run_id, ordinal)
    where ordinal is not null`.execute(db);
  await sql`
    create unique index run_items_policy on run_items (tenant_id, run_id, policy_id)
    where policy_id is not null`.execute(db);

  // Lets a later listing recognise an unchanged policy; null if a snapshot cannot tell.
  await sql`
    alter table snapshots add column revision text, add column assignments_hash text`.execute(db);
  // By content and not by snapshot: equal contents have equal references.
  await sql`
    create table content_references (
      tenant_id uuid not null,
      sha256 bytea not null,
      policy_type text not null,
      graph_id text not null,
      primary key (tenant_id, sha256, policy_type, graph_id),
      foreign key (tenant_id, sha256) references snapshot_contents (tenant_id, sha256) on delete cascade
    )`.execute(db);

  for (const name of [
    'backup_sets',
    'backup_set_types',
    'backup_set_items',
    'content_references',
  ]) {
    const table = sql.table(name);
    await sql`alter table ${table} enable row level security, force row level security`.execute(db);
    await sql`
      create policy of_tenant on ${table} to tenantry_app
      using (tenant_id = app_tenant_id()) with check (tenant_id = app_tenant_id())`.execute(db);
  }
  await sql`
    grant select, insert, update on backup_sets, backup_set_types, backup_set_items to tenantry_app`.execute(
    db,
  );
  await sql`grant select, insert on content_references to tenantry_app`.execute(db);
  await sql`
    create policy of_dispatcher on backup_sets for select to tenantry_dispatcher using (true)`.execute(
    db,
  );
  await sql`grant select (tenant_id, id) on backup_sets to tenantry_dispatcher`.execute(db);
}
