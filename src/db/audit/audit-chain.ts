import { sql } from 'kysely';
import type { TenantTrx } from '#db/database.ts';
import type { AuditEventRow } from '#db/tables.ts';
import { type ChainPosition, chainStart } from '#domain/audit/audit-chain.ts';

/** Makes a new transaction read-only, with the state of the database at this moment. */
export async function holdSnapshot(trx: TenantTrx): Promise<void> {
  await sql`set transaction isolation level repeatable read, read only`.execute(trx);
}

/** Reads the head of a tenant's trail and counts the events. */
export async function readAuditHead(
  trx: TenantTrx,
): Promise<ChainPosition & { readonly count: number }> {
  const head = await trx
    .selectFrom('audit_heads')
    .select(['seq', 'hash'])
    .where('tenant_id', '=', trx.tenantId)
    .executeTakeFirst();
  const { count } = await trx
    .selectFrom('audit_events')
    .select((eb) => eb.fn.countAll<string>().as('count'))
    .where('tenant_id', '=', trx.tenantId)
    .executeTakeFirstOrThrow();
  const position =
    head === undefined ? chainStart : { seq: head.seq, hash: head.hash?.toString('hex') ?? null };
  return { ...position, count: Number(count) };
}

/** Lists the events of a tenant in the order of the chain, after an event or from the first. */
export function listAuditChain(
  trx: TenantTrx,
  page: { readonly after: Pick<AuditEventRow, 'seq' | 'id'> | null; readonly limit: number },
): Promise<AuditEventRow[]> {
  const { after } = page;
  return trx
    .selectFrom('audit_events')
    .selectAll()
    .where('tenant_id', '=', trx.tenantId)
    .$if(after !== null, (query) =>
      // A unique index keeps two events from having the same number, unless a superuser dropped it to insert one.
      query.where(sql<boolean>`(seq, id) > (${after?.seq}, ${after?.id})`),
    )
    .orderBy('seq')
    .orderBy('id')
    .limit(page.limit)
    .execute();
}
