import { sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import type { RetentionTrx, TenantTrx } from '#db/database.ts';
import { type Page, type PageRequest, toPage } from '#db/page.ts';
import type { AuditEventRow, AuditHeadRow } from '#db/tables.ts';
import { auditEventHash, type JsonObject } from '#domain/audit/audit-event.ts';
import { auditEventOf } from './audit-event-of.ts';
import { AuditUnavailableError } from './audit-unavailable.ts';

export interface NewAuditEvent {
  /** The principal that acted. */
  readonly actor: string;
  /** What was done, in the past tense of the field's words: `tenant.registered`, `member.written`. */
  readonly action: string;
  readonly runId?: string;
  readonly target?: Readonly<Record<string, unknown>>;
  readonly details: Readonly<Record<string, unknown>>;
}

/** The transactions that write events: retention reports the backup sets that it deletes. */
type WritingTrx = TenantTrx | RetentionTrx;

/**
 * Appends an audit event, in the transaction of what it reports: if it cannot be written, nothing is done. Until that
 * transaction ends, nobody else appends to the trail of the tenant, so it is best written last.
 * @throws AuditUnavailableError when it cannot be written, for whatever reason.
 */
export async function insertAuditEvent(trx: WritingTrx, event: NewAuditEvent): Promise<void> {
  try {
    await append(trx, event);
  } catch (cause) {
    throw new AuditUnavailableError('an audit event could not be written', { cause });
  }
}

async function append(trx: WritingTrx, event: NewAuditEvent): Promise<void> {
  const head = await lockHead(trx);
  const row = {
    ...{ tenant_id: trx.tenantId, id: uuidv7(), at: head.at, seq: head.seq + 1 },
    ...{ actor: event.actor, action: event.action, run_id: event.runId ?? null },
    target: event.target === undefined ? null : asStored(event.target),
    details: asStored(event.details),
    previous_hash: head.hash,
  };
  const hash = Buffer.from(auditEventHash(auditEventOf(row)), 'hex');
  const target = row.target === null ? null : JSON.stringify(row.target);
  await trx
    .insertInto('audit_events')
    .values({ ...row, target, details: JSON.stringify(row.details), hash })
    .execute();
  await trx
    .updateTable('audit_heads')
    .set({ seq: row.seq, hash })
    .where('tenant_id', '=', trx.tenantId)
    .execute();
}

/** Members that are undefined fall away and times become texts before the hash is taken, not after. */
function asStored(value: Readonly<Record<string, unknown>>): JsonObject {
  return JSON.parse(JSON.stringify(value)) as JsonObject;
}

/**
 * The head of a tenant's chain, locked until the transaction ends, and the time by the database's clock: asked for
 * behind the lock, so that times follow the order of the chain.
 */
function lockHead(trx: WritingTrx): Promise<Omit<AuditHeadRow, 'tenant_id'> & { at: Date }> {
  return trx
    .insertInto('audit_heads')
    .values({ tenant_id: trx.tenantId })
    .onConflict((conflict) =>
      // Changes nothing, but waits for whoever holds the row, and reads it as they leave it.
      conflict.column('tenant_id').doUpdateSet({ seq: sql<number>`audit_heads.seq` }),
    )
    .returning(['seq', 'hash', sql<Date>`date_trunc('milliseconds', clock_timestamp())`.as('at')])
    .executeTakeFirstOrThrow();
}

/** The audit trail of a tenant, newest first. */
export async function listAuditEvents(
  trx: TenantTrx,
  page: PageRequest,
): Promise<Page<AuditEventRow>> {
  const rows = await trx
    .selectFrom('audit_events')
    .selectAll()
    .where('tenant_id', '=', trx.tenantId)
    .$if(page.before !== null, (query) =>
      // By their numbers, since ids that several processes make need not be in the order of the chain.
      query.where('seq', '<', (eb) =>
        eb
          .selectFrom('audit_events as last')
          .select('last.seq')
          .where('last.tenant_id', '=', trx.tenantId)
          .where('last.id', '=', page.before),
      ),
    )
    .orderBy('seq', 'desc')
    .limit(page.limit + 1)
    .execute();
  return toPage(rows, page.limit, (row) => row.id);
}
