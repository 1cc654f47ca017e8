import { z } from 'zod';
import { timeView } from '#api/http/common-view.ts';
import { auditEventOf } from '#db/audit/audit-event-of.ts';
import type { AuditEventRow } from '#db/tables.ts';
import type { HashedAuditEvent } from '#domain/audit/audit-event.ts';

// Not z.json(): generators of types refuse a union that contains itself.
const jsonObject = z.record(z.string(), z.unknown());
const hash = z.string().describe('SHA-256 in lower-case hex');

export const auditEventSchema = z.strictObject({
  id: z.string(),
  at: timeView,
  actor: z.string().describe('The principal or the schedule that acted'),
  action: z.string(),
  tenantId: z.string(),
  runId: z.string().nullable(),
  target: jsonObject.nullable(),
  details: jsonObject,
  hash: hash.describe('Over the canonical JSON (RFC 8785) of the event without this member'),
  previousHash: hash.nullable().describe('Of the event before; null for the first of a tenant'),
});

export function toAuditEventView(row: AuditEventRow): HashedAuditEvent & { readonly hash: string } {
  return { ...auditEventOf(row), hash: row.hash.toString('hex') };
}
