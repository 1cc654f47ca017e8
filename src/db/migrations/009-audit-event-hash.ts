import { createHash } from 'node:crypto';

type Json = null | boolean | number | string | readonly Json[] | JsonObject;
type JsonObject = { readonly [key: string]: Json };

/** The columns of an event hashed by migration 009. */
export interface UnchainedEvent {
  readonly tenant_id: string;
  readonly id: string;
  readonly at: Date;
  readonly actor: string;
  readonly action: string;
  readonly run_id: string | null;
  readonly target: JsonObject | null;
  readonly details: JsonObject;
}

/**
 * Computes the hash of an event in migration 009: SHA-256, as hex, of its canonical JSON (RFC 8785). Frozen: a copy of
 * `auditEventHash` at the time of migration 009, so every database gets the same chain.
 */
export function hashOfUnchainedEvent(row: UnchainedEvent, previousHash: string | null): string {
  const hashed = {
    ...{ id: row.id, at: timeText(row.at), actor: row.actor, action: row.action },
    ...{ tenantId: row.tenant_id, runId: row.run_id, target: row.target, details: row.details },
    previousHash,
  };
  return createHash('sha256').update(canonicalJson(hashed)).digest('hex');
}

/** Postgres stores times unknown to JavaScript, such as infinity. */
function timeText(time: Date): string {
  return Number.isFinite(time.valueOf()) ? time.toISOString() : String(time);
}

/**
 * @throws TypeError for a number beyond JavaScript's range. RFC 8785 forbids lone surrogates, too, but jsonb holds
 * none.
 */
function canonicalJson(value: Json): string {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new TypeError('the value has no canonical JSON form');
  }
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`).join(',')}}`;
}

function isArray(value: JsonObject | readonly Json[]): value is readonly Json[] {
  return Array.isArray(value);
}
