import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { canonicalJson, type Json } from '#domain/json/canonical-json.ts';

/** An object of JSON values. */
export type JsonObject = { readonly [key: string]: Json };

/** An audit event as the API shows it, without its own hash: exactly what the hash is over. */
export interface HashedAuditEvent {
  readonly id: string;
  /** RFC 3339 in UTC, with milliseconds. */
  readonly at: string;
  readonly actor: string;
  readonly action: string;
  readonly tenantId: string;
  readonly runId: string | null;
  readonly target: JsonObject | null;
  readonly details: JsonObject;
  /** The hash of the event before it in its tenant; null for the first. */
  readonly previousHash: string | null;
}

/**
 * The hash of an event: SHA-256, lower-case hex (64 characters), of its canonical JSON. The hash of the event before is
 * in it, so it stands for the whole trail of the tenant up to here. Whoever reads the API can compute it.
 */
export function auditEventHash(event: HashedAuditEvent): string {
  const { id, at, actor, action, tenantId, runId, target, details, previousHash } = event;
  const hashed = { id, at, actor, action, tenantId, runId, target, details, previousHash };
  return bytesToHex(sha256(utf8ToBytes(canonicalJson(hashed))));
}
