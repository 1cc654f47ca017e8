import { type Kysely, sql } from 'kysely';

/** Runs, their items, and the notifications and audit events of their transitions. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table runs (
      tenant_id uuid not null references tenants,
      id uuid not null,
      operation_type text not null,
      target_type text,
      target_id text,
      parameters jsonb not null,
      idempotency_key text not null check (idempotency_key ~ '^[0-9a-f]{64}$'),
      status text not null
        check (status in ('queued', 'running', 'succeeded', 'partial', 'failed', 'canceled')),
      total integer not null default 0,
      succeeded integer not null default 0,
      failed integer not null default 0,
      skipped integer not null default 0,
      initiator_id text not null,
      initiator_name text not null,
      workflow_run_id text,
      cancel_requested_at timestamptz,
      error_code text,
      error_message text,
      error_context jsonb,
      created_at timestamptz not null default now(),
      started_at timestamptz,
      finished_at timestamptz,
      updated_at timestamptz not null default now(),
      primary key (tenant_id, id),
      unique (id)
    )`.execute(db);
  // The gate: at most one active run a key, even if many API processes start one at once.
  await sql`
    create unique index runs_active_key on runs (tenant_id, idempotency_key)
    where status in ('queued', 'running')`.execute(db);
  await sql`create index runs_active on runs (updated_at) where status in ('queued', 'running')`.execute(
    db,
  );
  await sql`
    create table run_items (
      tenant_id uuid not null,
      run_id uuid not null,
      item_id uuid not null,
      backup_item_id uuid,
      policy_id uuid,
      policy_type text not null,
      display_name text not null,
      action text not null check (action in ('capture', 'create', 'update', 'none', 'delete')),
      outcome text not null default 'pending'
        check (outcome in ('pending', 'succeeded', 'failed', 'skipped')),
      error_code text,
      error_message text,
      error_context jsonb,
      graph_id text,
      warnings jsonb not null default '[]',
      attempts integer not null default 0,
      started_at timestamptz,
      finished_at timestamptz,
      primary key (tenant_id, run_id, item_id),
      foreign key (tenant_id, run_id) references runs (tenant_id, id)
    )`.execute(db);
  await sql`
    create table notifications (
      tenant_id uuid not null,
      id uuid not null,
      run_id uuid not null,
      principal_id text not null,
      kind text not null,
      title text not null,
      message text not null,
      error jsonb,
      created_at timestamptz not null default now(),
      read_at timestamptz,
      primary key (tenant_id, id),
      unique (tenant_id, run_id, kind),
      foreign key (tenant_id, run_id) references runs (tenant_id, id)
    )`.execute(db);
  await sql`create index notifications_of_principal on notifications (principal_id, id)`.execute(
    db,
  );
  await sql`
    create table audit_events (
      tenant_id uuid not null references tenants,
      id uuid not null,
      at timestamptz not null,
      actor text not null,
      action text not null,
      run_id uuid,
      target jsonb,
      details jsonb not null,
      primary key (tenant_id, id),
      foreign key (tenant_id, run_id) references runs (tenant_id, id)
    )`.execute(db);
  await fence(db);
}

async function fence(db: Kysely<unknown>): Promise<void> {
  for (const name of ['runs', 'run_items', 'notifications', 'audit_events']) {
    const table = sql.table(name);
    await sql`alter table ${table} enable row level security, force row level security`.execute(db);
    await sql`
      create policy of_tenant on ${table} to tenantry_app
      using (tenant_id = app_tenant_id()) with check (tenant_id = app_tenant_id())`.execute(db);
  }
  await sql`
    create policy of_principal on notifications to tenantry_app
    using (principal_id = any (app_principal_ids()))
    with check (principal_id = any (app_principal_ids()))`.execute(db);
  await sql`create policy of_dispatcher on runs for select to tenantry_dispatcher using (true)`.execute(
    db,
  );
  await sql`
    grant select (tenant_id, id, operation_type, status, idempotency_key, initiator_id,
      cancel_requested_at, updated_at) on runs to tenantry_dispatcher`.execute(db);
  await sql`grant select, insert, update on runs, run_items, notifications to tenantry_app`.execute(
    db,
  );
  // Append-only: no update, no delete, no truncate.
  await sql`grant select, insert on audit_events to tenantry_app`.execute(db);
}
