import { v7 as uuidv7 } from 'uuid';
import { AuditUnavailableError } from './audit-unavailable.ts';
import type { Trx } from './database.ts';

export interface NewAuditEvent {
  /** The principal that acted. */
  readonly actor: string;
  /** What was done, in the past tense of the field's words: `tenant.registered`, `member.written`. */
  readonly action: string;
  readonly runId?: string;
  readonly target?: Readonly<Record<string, unknown>>;
  readonly details: Readonly<Record<string, unknown>>;
}

/**
 * Appends an audit event, in the transaction of what it reports: if it cannot be written, nothing is done.
 * @throws AuditUnavailableError when it cannot be written, for whatever reason.
 */
export async function insertAuditEvent(
  trx: Trx,
  tenantId: string,
  event: NewAuditEvent,
): Promise<void> {
  const inserted = trx
    .insertInto('audit_events')
    .values({
      tenant_id: tenantId,
      id: uuidv7(),
      at: new Date(),
      actor: event.actor,
      action: event.action,
      run_id: event.runId ?? null,
      target: event.target === undefined ? null : JSON.stringify(event.target),
      details: JSON.stringify(event.details),
    })
    .execute();
  await inserted.catch((cause: unknown) => {
    throw new AuditUnavailableError('an audit event could not be written', { cause });
  });
}
