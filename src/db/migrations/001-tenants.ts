import { type Kysely, sql } from 'kysely';

/**
 * Roles: the login for migrations owns the tables; the application works as `tenantry_app`, which owns no table and is
 * subject to row-level security; `tenantry_dispatcher` sees the active runs of all tenants, and no more.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    do $$ begin
      if not exists (select from pg_roles where rolname = 'tenantry_app') then
        create role tenantry_app nologin;
      end if;
      if not exists (select from pg_roles where rolname = 'tenantry_dispatcher') then
        create role tenantry_dispatcher nologin;
      end if;
    exception when duplicate_object or unique_violation then null; -- another database of the cluster was faster
    end $$`.execute(db);
  // A superuser may become any role; any other login must be a member.
  await sql`
    do $$ begin
      if not (select rolsuper from pg_roles where rolname = current_user) then
        execute format('grant tenantry_app, tenantry_dispatcher to %I with set true', current_user);
      end if;
    end $$`.execute(db);
  await sql`grant usage on schema public to tenantry_app, tenantry_dispatcher`.execute(db);

  // After the end of a transaction a custom setting is '' and not null: hence the nullif.
  await sql`
    create function app_tenant_id() returns uuid language sql stable
    return nullif(current_setting('app.tenant_id', true), '')::uuid`.execute(db);
  await sql`
    create function app_principal_ids() returns text[] language sql stable
    return string_to_array(nullif(current_setting('app.principal_ids', true), ''), ',')`.execute(
    db,
  );

  await sql`
    create table tenants (
      tenant_id uuid primary key,
      row_id uuid not null unique, -- UUIDv7: the order of creation, for lists
      display_name text not null,
      created_by text not null,
      created_at timestamptz not null default now()
    )`.execute(db);
  await sql`
    create table members (
      tenant_id uuid not null references tenants,
      principal_id text not null,
      row_id uuid not null, -- UUIDv7: the order of creation, for lists
      kind text not null check (kind in ('user', 'group')),
      display_name text,
      role text not null check (role in ('reader', 'operator', 'manager', 'owner')),
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      primary key (tenant_id, principal_id)
    )`.execute(db);
  await sql`create index members_principal on members (principal_id)`.execute(db);

  await sql`alter table tenants enable row level security, force row level security`.execute(db);
  await sql`alter table members enable row level security, force row level security`.execute(db);
  await sql`
    create policy members_of_tenant on members to tenantry_app
    using (tenant_id = app_tenant_id()) with check (tenant_id = app_tenant_id())`.execute(db);
  // A principal sees its memberships in all tenants: the answers of /me and of the tenant list.
  await sql`
    create policy members_of_principal on members for select to tenantry_app
    using (principal_id = any (app_principal_ids()))`.execute(db);
  await sql`
    create policy tenants_of_tenant on tenants to tenantry_app
    using (tenant_id = app_tenant_id()) with check (tenant_id = app_tenant_id())`.execute(db);
  await sql`
    create policy tenants_of_principal on tenants for select to tenantry_app
    using (exists (select from members m
      where m.tenant_id = tenants.tenant_id and m.principal_id = any (app_principal_ids())))`.execute(
    db,
  );
  await sql`grant select, insert on tenants to tenantry_app`.execute(db);
  await sql`grant select, insert, update, delete on members to tenantry_app`.execute(db);
}
