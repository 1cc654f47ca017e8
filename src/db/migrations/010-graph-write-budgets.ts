import { type Kysely, sql } from 'kysely';

/** Writes have a limit beside that of all requests, and restores go before the other reads of their tenant. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table graph_budgets add column restore_asked_at timestamptz`.execute(db);
  await createTakeBesideRestores(db);
  await createTakeForRestore(db);
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
        from take_graph_budget(p_tenant, p_writes, p_wanted, p_in_flight, p_writes_limit,
          p_writes_window_seconds, p_worker, p_slow_start) t;
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
