/**
 * The rule of the rate limiter, as Postgres runs it: functions over `graph_budgets`, the one row of a tenant and service that all
 * workers take from. A request counts from its slot's beginning until the window and two slots after it: one slot because slots
 * are coarse, one because a request arrives at Graph later than it is granted. So no window of Graph's, fixed or sliding,
 * contains more requests than the limit.
 *
 * Up to the proven level the functions grant all that the limit leaves. Beyond that level the true limit is unknown, and Graph
 * refuses every request in flight when it is met: all workers together then have at most a tenth of the used requests in
 * flight. Without the slow start, the limit counts as proven until a 429 shows a lower one.
 *
 * Migrations 006 and 010 apply these texts, so they are frozen, comments and spaces included; a test compares their hashes.
 * To change the rule: copy this file as it is beside those migrations and let them import the copy; change the text here;
 * apply it in a new migration. A function keeps its parameters, because workers of the version before still call it:
 * a rule with other parameters gets a new name.
 */

const parameters = `
      p_tenant uuid, p_service text, p_wanted integer, p_in_flight integer, p_limit integer,
      p_window_seconds double precision, p_worker uuid, p_slow_start boolean`;

const result = `
      out granted integer, out wait_seconds double precision, out used integer, out workers integer,
      out effective_limit integer`;

/** Writes are few and slow, and their limit bounds the speed of a restore: finer slots take less from the rate (5 % instead of 10). */
const writeSlots = 40;

const countedInSlots = (slots: string) => `$$
    declare
      budget graph_budgets;
      moment timestamptz;
      now_ms bigint;
      slot_ms bigint := greatest(1, floor(p_window_seconds * 1000 / ${slots}));
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
    end $$`;

/** Migration 006: the first form of the rule, twenty slots in a window. */
export const takeInTwentySlots = `
    create or replace function take_graph_budget(${parameters},${result})
    language plpgsql as ${countedInSlots('20')}`;

/** The count: grants of a window divided into any number of slots. */
const takeInSlots = `
    create or replace function take_graph_budget_in_slots(${parameters},
      p_slots integer,${result})
    language plpgsql as ${countedInSlots('p_slots')}`;

/** The count in twenty slots, under the name that workers older than migration 010 call. */
const take = `
    create or replace function take_graph_budget(${parameters},${result})
    language sql as $$
      select * from take_graph_budget_in_slots(p_tenant, p_service, p_wanted, p_in_flight, p_limit,
        p_window_seconds, p_worker, p_slow_start, 20)
    $$`;

/**
 * A take for reads that are no part of a restore: at most a share of the limit if a restore has asked within the last window.
 * A limit of one is not divided.
 */
const takeBesideRestores = `
    create or replace function take_graph_budget_beside_restores(${parameters}, p_share double precision,${result})
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
    end $$`;

/**
 * A take for a restore, which also notes that a restore has asked. If the service counts its writes apart, the function takes
 * from both counts or from neither: a write without room for its request must not use up the window of writes.
 */
const takeForRestore = `
    create or replace function take_graph_budget_for_restore(${parameters},
      p_writes text, p_writes_limit integer, p_writes_window_seconds double precision,${result})
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
          p_writes_window_seconds, p_worker, p_slow_start, ${writeSlots}) t;
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
    end $$`;

/** The functions that a migrated database has, in the order in which they depend on each other. */
export const takeFromBudget: readonly string[] = [
  takeInSlots,
  take,
  takeBesideRestores,
  takeForRestore,
];
