import type { HashedAuditEvent, JsonObject } from '#domain/audit/audit-event.ts';

/** The hashed columns of an event. */
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

/** Converts a row of the audit trail into the API's form, without the row's own hash. */
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

/** Postgres stores times unknown to JavaScript, such as infinity. This product never writes them. */
function timeText(time: Date): string {
  return Number.isFinite(time.valueOf()) ? time.toISOString() : String(time);
}
