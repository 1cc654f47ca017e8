import { sql } from 'kysely';
import type { TenantTrx } from '#db/database.ts';

/**
 * Numbers the pending items, group by group; a second call is a no-op. Items keep their order within a group, except
 * that those of slow types are spread evenly among the others: they would otherwise take all lanes while the others
 * wait.
 */
export async function numberWrites(
  trx: TenantTrx,
  runId: string,
  slowTypes: readonly string[],
): Promise<void> {
  await sql`
    update restore_items r set write_number = n.number
    from (
      select item_id, row_number() over (order by group_number, place, ordinal) - 1 as number
      from (
        select *, (row_number() over same_speed - 1)::double precision / count(*) over all_of_speed as place
        from (
          select i.item_id, i.ordinal, g.group_number, i.policy_type = any (${[...slowTypes]}::text[]) as is_slow
          from run_items i
          cross join lateral (
            select o.group_number from restore_items o
            where o.tenant_id = i.tenant_id and o.run_id = i.run_id and o.item_id = i.item_id offset 0) g
          where i.tenant_id = ${trx.tenantId} and i.run_id = ${runId} and i.outcome = 'pending'
        ) pending
        window all_of_speed as (partition by group_number, is_slow),
          same_speed as (all_of_speed order by ordinal)
      ) spread
    ) n
    where r.tenant_id = ${trx.tenantId} and r.run_id = ${runId} and r.item_id = n.item_id
      and not exists (select from restore_items o
        where o.tenant_id = ${trx.tenantId} and o.run_id = ${runId} and o.write_number is not null)`.execute(
    trx,
  );
}

/** Lists the number ranges of the groups, in order; `to` is exclusive. */
export async function listWriteGroups(
  trx: TenantTrx,
  runId: string,
): Promise<{ readonly from: number; readonly to: number }[]> {
  const { rows } = await sql<{ from: number; to: number }>`
    select min(write_number) as "from", max(write_number) + 1 as "to"
    from restore_items
    where tenant_id = ${trx.tenantId} and run_id = ${runId} and write_number is not null
    group by group_number order by group_number`.execute(trx);
  return rows;
}
