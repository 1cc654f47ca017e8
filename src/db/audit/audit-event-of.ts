import type { HashedAuditEvent, JsonObject } from '#domain/audit/audit-event.ts';

/** The columns of an event that its hash is over. */
export interface AuditEventColumns {
  readonly tenant_id: string;
  readonly id: string;
  readonly at: Date;
  readonly actor: string;
  readonly action: string;
  readonly run_id: string | null;
  readonly target: JsonObject | null;
  readonly details: JsonObject;
  readonly previous_hash: Buffer | null;
}

/** A row of the audit trail as the API shows it, without its own hash. */
export function auditEventOf(row: AuditEventColumns): HashedAuditEvent {
  return {
    id: row.id,
    at: timeText(row.at),
    actor: row.actor,
    action: row.action,
    tenantId: row.tenant_id,
    runId: row.run_id,
    target: row.target,
    details: row.details,
    previousHash: row.previous_hash?.toString('hex') ?? null,
  };
}

/** Postgres has times that JavaScript has not, such as infinity; a row that holds one was not written by us. */
function timeText(time: Date): string {
  return Number.isFinite(time.valueOf()) ? time.toISOString() : String(time);
}
