import { sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import type { RetentionTrx, TenantTrx } from '#db/database.ts';
import { type Page, type PageRequest, toPage } from '#db/page.ts';
import type { AuditEventRow, AuditHeadRow } from '#db/tables.ts';
import { auditEventHash, type JsonObject } from '#domain/audit/audit-event.ts';
import { auditEventOf } from './audit-event-of.ts';
import { AuditUnavailableError } from './audit-unavailable.ts';

export interface NewAuditEvent {
  /** The acting principal. */
  readonly actor: string;
  /** The deed, in the past tense of the field's words: `tenant.registered`, `member.written`. */
  readonly action: string;
  readonly runId?: string;
  readonly target?: Readonly<Record<string, unknown>>;
  readonly details: Readonly<Record<string, unknown>>;
}

/** The transactions with events: retention reports the backup sets deleted by it. */
type WritingTrx = TenantTrx | RetentionTrx;

/**
 * Appends an audit event in the transaction of the deed: if the event cannot be written, the deed is rolled back. The
 * head stays locked until the end of the transaction, so callers append as late as possible.
 * @throws AuditUnavailableError if the event cannot be written, for any reason.
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

/** Drops undefined members and turns times into texts before the hash is taken, as the database will return them. */
function asStored(value: Readonly<Record<string, unknown>>): JsonObject {
  return JSON.parse(JSON.stringify(value)) as JsonObject;
}

/**
 * Locks the head of a tenant's chain until the end of the transaction, and reads the database's clock behind the lock,
 * so that the times follow the order of the chain.
 */
function lockHead(trx: WritingTrx): Promise<Omit<AuditHeadRow, 'tenant_id'> & { at: Date }> {
  return trx
    .insertInto('audit_heads')
    .values({ tenant_id: trx.tenantId })
    .onConflict((conflict) =>
      // Changes nothing, but waits for a transaction with a lock on the row, and reads the row after it.
      conflict.column('tenant_id').doUpdateSet({ seq: sql<number>`audit_heads.seq` }),
    )
    .returning(['seq', 'hash', sql<Date>`date_trunc('milliseconds', clock_timestamp())`.as('at')])
    .executeTakeFirstOrThrow();
}

/** Lists the audit trail of a tenant, newest first. */
export async function listAuditEvents(
  trx: TenantTrx,
  page: PageRequest,
): Promise<Page<AuditEventRow>> {
  const rows = await trx
    .selectFrom('audit_events')
    .selectAll()
    .where('tenant_id', '=', trx.tenantId)
    .$if(page.before !== null, (query) =>
      // Compares numbers, since the ids of several processes are not in the order of the chain.
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
