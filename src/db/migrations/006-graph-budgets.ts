import { type Kysely, sql } from 'kysely';

/** What may be asked of Graph: one row a tenant and service, which all workers of all runs take from. */
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
  // Some tens of slots outgrow two kilobytes when many workers share a tenant: compressed they stay in the row.
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
  await createTake(db);
}

/**
 * Takes requests out of a budget, in one round trip. A request counts from its slot's beginning until the window
 * and two slots (a tenth of the window) after it: one because slots are coarse, one because a request arrives at
 * Graph somewhat later than it is granted. So Graph sees no window with more than the limit, however it counts.
 *
 * Up to the proven level as much is granted as the limit leaves. Beyond it the true limit may be anywhere, and
 * whatever is in flight when it is met comes back refused: at most a tenth of what was used is in flight then, by all
 * workers together. Without the slow start, the limit is taken for proven until a 429 shows a lower one.
 */
async function createTake(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function take_graph_budget(
      p_tenant uuid, p_service text, p_wanted integer, p_in_flight integer,
      p_limit integer, p_window_seconds double precision, p_worker uuid, p_slow_start boolean,
      out granted integer, out wait_seconds double precision, out used integer, out workers integer,
      out effective_limit integer)
    language plpgsql as $$
    declare
      budget graph_budgets;
      moment timestamptz;
      now_ms bigint;
      slot_ms bigint := greatest(1, floor(p_window_seconds * 1000 / 20));
      counted_ms bigint := ceil(p_window_seconds * 1000) + 2 * slot_ms;
      in_flight_max integer;
      proven_now integer;
    begin
      -- Others wait for the row until the commit is through. A crash of Postgres may forget the grants of its last
      -- moments, less than what it takes to start again lets expire.
      perform set_config('synchronous_commit', 'off', true);
      select g.* into budget from graph_budgets g
      where g.tenant_id = p_tenant and g.service = p_service for update;
      if not found then
        insert into graph_budgets (tenant_id, service) values (p_tenant, p_service)
        on conflict do nothing;
        select g.* into strict budget from graph_budgets g
        where g.tenant_id = p_tenant and g.service = p_service for update;
      end if;
      -- Read after the lock: whoever has waited for it must not count by the clock of before.
      moment := clock_timestamp();
      now_ms := floor(extract(epoch from moment) * 1000);

      select coalesce(sum(slot.taken), 0), 1 + count(distinct slot.worker) filter (where slot.worker <> p_worker)
      into used, workers
      from unnest(budget.slot_at, budget.slot_worker, budget.slot_taken) as slot (at, worker, taken)
      where slot.at > now_ms - counted_ms;

      effective_limit := p_limit;
      if budget.learned_until > moment then
        effective_limit := least(p_limit, budget.learned_limit);
      end if;
      in_flight_max := greatest(1, greatest(4, used / 10) / workers);
      -- Of the others' requests in flight it is only known how many they may have.
      proven_now := greatest(budget.proven,
        least(effective_limit, used - p_in_flight - (workers - 1) * in_flight_max));

      if not p_slow_start then
        proven_now := greatest(proven_now, effective_limit);
      end if;

      granted := 0;
      if budget.blocked_until > moment then
        wait_seconds := extract(epoch from budget.blocked_until - moment);
      elsif used >= effective_limit then
        select (freed.at + counted_ms - now_ms) / 1000.0 into wait_seconds
        from (
          select slot.at, sum(sum(slot.taken)) over (order by slot.at) as total
          from unnest(budget.slot_at, budget.slot_taken) as slot (at, taken)
          where slot.at > now_ms - counted_ms group by slot.at
        ) freed
        where used - freed.total < effective_limit order by freed.at limit 1;
      else
        granted := greatest(0, least(p_wanted, effective_limit - used,
          greatest(proven_now - used, in_flight_max - p_in_flight)));
      end if;

      if granted > 0 then
        update graph_budgets g
        set proven = proven_now, slot_at = kept.ats, slot_worker = kept.workers, slot_taken = kept.takens
        from (
          select array_agg(slot.at) as ats, array_agg(slot.worker) as workers, array_agg(slot.taken) as takens
          from (
            select each.at, each.worker, sum(each.taken)::integer as taken
            from (
              select * from unnest(budget.slot_at, budget.slot_worker, budget.slot_taken) as old (at, worker, taken)
              where old.at > now_ms - counted_ms
              union all select now_ms - now_ms % slot_ms, p_worker, granted
            ) each group by each.at, each.worker
          ) slot
        ) kept
        where g.tenant_id = p_tenant and g.service = p_service;
      elsif proven_now > budget.proven then
        update graph_budgets g set proven = proven_now
        where g.tenant_id = p_tenant and g.service = p_service;
      end if;
      used := used + granted;
    end $$`.execute(db);
}
