import { type Kysely, sql } from 'kysely';

/** Writes have a limit beside that of all requests, and restores go before the other reads of their tenant. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table graph_budgets add column restore_asked_at timestamptz`.execute(db);
  await createTakeInSlots(db);
  await createTakeBesideRestores(db);
  await createTakeForRestore(db);
}

/**
 * As take_graph_budget, with slots of any number in a window: a grant counts for the window and two slots, and what the two
 * take from the rate is a tenth with twenty slots, a twentieth with forty. The former name stays for workers that
 * are older than this migration.
 */
async function createTakeInSlots(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function take_graph_budget_in_slots(
      p_tenant uuid, p_service text, p_wanted integer, p_in_flight integer,
      p_limit integer, p_window_seconds double precision, p_worker uuid, p_slow_start boolean,
      p_slots integer,
      out granted integer, out wait_seconds double precision, out used integer, out workers integer,
      out effective_limit integer)
    language plpgsql as $$
    declare
      budget graph_budgets;
      moment timestamptz;
      now_ms bigint;
      slot_ms bigint := greatest(1, floor(p_window_seconds * 1000 / p_slots));
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
  await sql`
    create or replace function take_graph_budget(
      p_tenant uuid, p_service text, p_wanted integer, p_in_flight integer,
      p_limit integer, p_window_seconds double precision, p_worker uuid, p_slow_start boolean,
      out granted integer, out wait_seconds double precision, out used integer, out workers integer,
      out effective_limit integer)
    language sql as $$
      select * from take_graph_budget_in_slots(p_tenant, p_service, p_wanted, p_in_flight, p_limit,
        p_window_seconds, p_worker, p_slow_start, 20)
    $$`.execute(db);
}

/**
 * Takes requests out of a budget as take_graph_budget does, but no more than a share of the limit when a restore has
 * asked for some within the last window. A limit of one is not divided.
 */
async function createTakeBesideRestores(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function take_graph_budget_beside_restores(
      p_tenant uuid, p_service text, p_wanted integer, p_in_flight integer, p_limit integer,
      p_window_seconds double precision, p_worker uuid, p_slow_start boolean, p_share double precision,
      out granted integer, out wait_seconds double precision, out used integer, out workers integer,
      out effective_limit integer)
    language plpgsql as $$
    declare
      limit_beside integer;
    begin
      -- Without the lock: a restore that asks in this moment counts from the next time on.
      select greatest(1, floor(p_share *
        least(p_limit, case when g.learned_until > clock_timestamp() then g.learned_limit end)))
      into limit_beside from graph_budgets g
      where g.tenant_id = p_tenant and g.service = p_service
        and g.restore_asked_at > clock_timestamp() - make_interval(secs => p_window_seconds);
      select t.* into granted, wait_seconds, used, workers, effective_limit
      from take_graph_budget(p_tenant, p_service, p_wanted, p_in_flight, coalesce(limit_beside, p_limit),
        p_window_seconds, p_worker, p_slow_start) t;
    end $$`.execute(db);
}

/** Writes are few and slow: what a restore gets through is the rate of its writes, and their limit is worth finer slots. */
const writeSlots = 40;

/**
 * Takes requests for a restore, and notes that it has asked, granted or not. Where writes are counted apart, as many of them
 * are taken, or none of either: a write that there is no request for must not be lost to the window.
 */
async function createTakeForRestore(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function take_graph_budget_for_restore(
      p_tenant uuid, p_service text, p_wanted integer, p_in_flight integer, p_limit integer,
      p_window_seconds double precision, p_worker uuid, p_slow_start boolean,
      p_writes text, p_writes_limit integer, p_writes_window_seconds double precision,
      out granted integer, out wait_seconds double precision, out used integer, out workers integer,
      out effective_limit integer)
    language plpgsql as $$
    declare
      requests record;
    begin
      perform set_config('synchronous_commit', 'off', true);
      -- The row of the service is locked first by all who lock both.
      insert into graph_budgets (tenant_id, service, restore_asked_at)
      values (p_tenant, p_service, clock_timestamp())
      on conflict (tenant_id, service) do update set restore_asked_at = excluded.restore_asked_at;
      if p_writes is null then
        select t.* into granted, wait_seconds, used, workers, effective_limit
        from take_graph_budget(p_tenant, p_service, p_wanted, p_in_flight, p_limit, p_window_seconds,
          p_worker, p_slow_start) t;
        return;
      end if;
      begin
        select t.* into granted, wait_seconds, used, workers, effective_limit
        from take_graph_budget_in_slots(p_tenant, p_writes, p_wanted, p_in_flight, p_writes_limit,
          p_writes_window_seconds, p_worker, p_slow_start, ${sql.lit(writeSlots)}) t;
        if granted = 0 then return; end if;
        select t.* into strict requests
        from take_graph_budget(p_tenant, p_service, granted, p_in_flight, p_limit, p_window_seconds,
          p_worker, p_slow_start) t;
        if requests.granted = 0 then raise exception using errcode = 'TB001'; end if;
        granted := requests.granted;
      exception when sqlstate 'TB001' then
        granted := 0;
        wait_seconds := requests.wait_seconds;
        used := requests.used;
        workers := requests.workers;
        effective_limit := requests.effective_limit;
      end;
    end $$`.execute(db);
}
