import { type Kysely, sql } from 'kysely';
import { takeInTwentySlots } from '#db/budget/take-from-budget.sql.ts';

/** The budgets of Graph requests: one row a tenant and service, shared by all workers of all runs. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table graph_budgets (
      tenant_id uuid not null references tenants,
      service text not null,
      -- What was taken lately: in which slot of time (its start, ms since 1970), by whom, how much.
      slot_at bigint[] not null default '{}',
      slot_worker uuid[] not null default '{}',
      slot_taken integer[] not null default '{}',
      -- After a 429: nobody sends before this time, and for some time not more than this in a window.
      blocked_until timestamptz,
      learned_limit integer,
      learned_until timestamptz,
      -- As many requests in a window have been answered without a 429.
      proven integer not null default 0,
      primary key (tenant_id, service)
      -- Updated many times a second, in place as long as the page has room and no index is touched.
    ) with (fillfactor = 40)`.execute(db);
  // With many workers a tenant, some tens of slots outgrow two kilobytes: compressed they stay in the row.
  await sql`
    alter table graph_budgets
      alter column slot_at set storage main,
      alter column slot_worker set storage main`.execute(db);
  await sql`alter table graph_budgets enable row level security, force row level security`.execute(
    db,
  );
  await sql`
    create policy of_tenant on graph_budgets to tenantry_app
    using (tenant_id = app_tenant_id()) with check (tenant_id = app_tenant_id())`.execute(db);
  await sql`grant select, insert, update on graph_budgets to tenantry_app`.execute(db);
  await sql.raw(takeInTwentySlots).execute(db);
}
