import { type Kysely, sql } from 'kysely';

/** Backup schedules; the right of retention to delete their backup sets; and the results of verifications. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await createSchedules(db);
  await letContentsBeVerified(db);
  await createRetentionRole(db);
  await grantRetention(db);
}

async function createSchedules(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table backup_schedules (
      tenant_id uuid not null references tenants,
      id uuid not null,
      name text not null,
      cron text not null,
      time_zone text not null,
      selection jsonb not null,
      keep_last integer check (keep_last > 0),
      keep_days integer check (keep_days > 0),
      jitter_seconds integer not null,
      catch_up_seconds integer not null,
      paused boolean not null,
      created_by_id text not null,
      created_by_name text not null,
      created_at timestamptz not null default now(),
      revision uuid not null, -- another one with every change, so that Temporal's copy can be told from an older one
      next_run_at timestamptz,
      last_run_id uuid,
      last_firing_id uuid, -- the execution of the firing that has started the last run
      primary key (tenant_id, id),
      foreign key (tenant_id, last_run_id) references runs (tenant_id, id)
    )`.execute(db);
  await sql`create index backup_schedules_id on backup_schedules (id)`.execute(db);
  await sql`
    alter table backup_schedules enable row level security, force row level security`.execute(db);
  await sql`
    create policy of_tenant on backup_schedules to tenantry_app
    using (tenant_id = app_tenant_id()) with check (tenant_id = app_tenant_id())`.execute(db);
  await sql`grant select, insert, update, delete on backup_schedules to tenantry_app`.execute(db);
  // A call from Temporal names an id without a tenant, and rounds over all tenants begin with the list of ids.
  await sql`
    create policy of_dispatcher on backup_schedules for select to tenantry_dispatcher using (true)`.execute(
    db,
  );
  await sql`grant select (tenant_id, id) on backup_schedules to tenantry_dispatcher`.execute(db);
  await sql`
    create policy of_dispatcher on tenants for select to tenantry_dispatcher using (true)`.execute(
    db,
  );
  await sql`grant select (tenant_id) on tenants to tenantry_dispatcher`.execute(db);
  // A run started by a schedule notifies a person, not the schedule.
  await sql`alter table runs add column notified_id text`.execute(db);
  await sql`
    create index backup_sets_of_schedule on backup_sets (tenant_id, schedule_id, id)
    where schedule_id is not null`.execute(db);
}

async function letContentsBeVerified(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table snapshot_contents
      add column verified_at timestamptz, add column damaged_at timestamptz`.execute(db);
  await sql`
    create index snapshot_contents_damaged on snapshot_contents (tenant_id, sha256)
    where damaged_at is not null`.execute(db);
  // The application stores the result of a verification, and replaces damaged content by newly captured bytes; the
  // trigger refuses all other updates. The right to update includes the right to lock content for a new snapshot.
  await sql`
    grant update (verified_at, damaged_at, key_id, nonce, ciphertext) on snapshot_contents to tenantry_app`.execute(
    db,
  );
  await sql`
    create function refuse_rewriting_sound_content() returns trigger language plpgsql as $$
    begin
      raise exception 'content that is not damaged is never rewritten' using errcode = 'insufficient_privilege';
    end $$`.execute(db);
  await sql`
    create trigger sound_content_stays before update of key_id, nonce, ciphertext on snapshot_contents
    for each row when (old.damaged_at is null and current_user = 'tenantry_app') execute function refuse_rewriting_sound_content()`.execute(
    db,
  );
}

/** Created as the dispatcher's role was: several databases of a cluster may be migrated at once. */
async function createRetentionRole(db: Kysely<unknown>): Promise<void> {
  await sql`
    do $$ begin
      if not exists (select from pg_roles where rolname = 'tenantry_retention') then
        create role tenantry_retention nologin;
      end if;
    exception when duplicate_object or unique_violation then null;
    end $$`.execute(db);
  await sql`
    do $$ begin
      if not (select rolsuper from pg_roles where rolname = current_user) then
        execute format('grant tenantry_retention to %I with set true', current_user);
      end if;
    end $$`.execute(db);
  await sql`grant usage on schema public to tenantry_retention`.execute(db);
}

/**
 * Retention sees one tenant at a time, with all uses of its backup sets; it deletes only scheduled sets and the rows
 * used by these alone.
 */
async function grantRetention(db: Kysely<unknown>): Promise<void> {
  // From this time on all readers ignore the set; its rows go piece by piece.
  await sql`alter table backup_sets add column deleting_at timestamptz`.execute(db);
  const tables = [
    ...['backup_schedules', 'backup_sets', 'backup_set_types', 'backup_set_items'],
    ...['snapshots', 'snapshot_contents', 'policies', 'runs', 'audit_events'],
  ];
  for (const name of tables) {
    await sql`
      create policy of_retention on ${sql.table(name)} to tenantry_retention
      using (tenant_id = app_tenant_id()) with check (tenant_id = app_tenant_id())`.execute(db);
  }
  await sql`
    create policy made_by_a_schedule on backup_sets as restrictive to tenantry_retention
    using (schedule_id is not null)`.execute(db);
  await sql`
    grant select (tenant_id, id, schedule_id, created_at, manifest, deleting_at), update (deleting_at), delete
    on backup_sets to tenantry_retention`.execute(db);
  await sql`
    grant select (tenant_id, backup_set_id), delete on backup_set_types to tenantry_retention`.execute(
    db,
  );
  await sql`
    grant select (tenant_id, backup_set_id, backup_item_id, snapshot_id), delete
    on backup_set_items to tenantry_retention`.execute(db);
  await sql`
    grant select (tenant_id, id, sha256), delete on snapshots to tenantry_retention`.execute(db);
  // A lock on a row needs the right to update one column.
  await sql`
    grant select (tenant_id, sha256, damaged_at), update (damaged_at), delete
    on snapshot_contents to tenantry_retention`.execute(db);
  await sql`
    grant select (tenant_id, id, keep_last, keep_days) on backup_schedules to tenantry_retention`.execute(
    db,
  );
  await sql`grant select (tenant_id, last_snapshot_id) on policies to tenantry_retention`.execute(
    db,
  );
  await sql`
    grant select (tenant_id, status, target_id) on runs to tenantry_retention`.execute(db);
  await sql`grant insert on audit_events to tenantry_retention`.execute(db);
  // Each deletion looks for other uses of the row in these tables.
  await sql`create index snapshots_content on snapshots (tenant_id, sha256)`.execute(db);
  await sql`create index policies_last_snapshot on policies (tenant_id, last_snapshot_id)`.execute(
    db,
  );
  await sql`
    create index runs_target on runs (tenant_id, target_id) where target_id is not null`.execute(
    db,
  );
}
