import { sql } from 'kysely';
import type { TenantTrx } from '#db/database.ts';
import { writingOperations } from '#domain/run/operation.ts';

/**
 * Finds the youngest write left in doubt by an earlier restore of the tenant: its workflow was terminated, or its item
 * given up. It looks no further back than the settle window.
 * @returns the write's age in seconds, by the database's clock; null if there is none.
 */
export async function findUnsettledWriteAge(
  trx: TenantTrx,
  { runId, settleSeconds }: { readonly runId: string; readonly settleSeconds: number },
): Promise<number | null> {
  // An ended run claims no writes, so the runs ended recently are few, and enough.
  const { rows } = await sql<{ age: number | null }>`
    select min(extract(epoch from clock_timestamp() - w.intended_at))::double precision as age
    from runs r
    join graph_writes w on w.tenant_id = r.tenant_id and w.run_id = r.id
    where r.tenant_id = ${trx.tenantId} and r.id <> ${runId}
      and r.operation_type = any(${writingOperations})
      and r.finished_at > clock_timestamp() - make_interval(secs => ${settleSeconds})
      and w.state = 'intended'
      and w.intended_at > clock_timestamp() - make_interval(secs => ${settleSeconds})`.execute(trx);
  return rows[0]?.age ?? null;
}
