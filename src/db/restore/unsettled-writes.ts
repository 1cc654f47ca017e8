import { sql } from 'kysely';
import type { TenantTrx } from '#db/database.ts';
import { writingOperations } from '#domain/run/operation.ts';

/**
 * When the fate of a write was last in doubt that an earlier restore of the tenant has left behind: one whose workflow
 * was terminated, or whose item was given up. Looks no further back than the settle window.
 * @returns the age in seconds of the youngest such write, by the database's clock; null where there is none.
 */
export async function findUnsettledWriteAge(
  trx: TenantTrx,
  { runId, settleSeconds }: { readonly runId: string; readonly settleSeconds: number },
): Promise<number | null> {
  // Nothing is meant to be sent for a run that has ended, so the runs that have ended of late are few and enough.
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
