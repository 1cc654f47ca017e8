import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { canonicalJson, type Json } from '#domain/json/canonical-json.ts';

/** An object of JSON values. */
export type JsonObject = { readonly [key: string]: Json };

/** An audit event as the API shows it, without its own hash: exactly the hashed content. */
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
  /** The hash of the tenant's previous event; null for the first event. */
  readonly previousHash: string | null;
}

/**
 * The hash of an event: SHA-256, lower-case hex (64 characters), of its canonical JSON. It covers the hash of the
 * previous event, so it vouches for the whole trail up to here. Every reader of the API can compute it.
 */
export function auditEventHash(event: HashedAuditEvent): string {
  const { id, at, actor, action, tenantId, runId, target, details, previousHash } = event;
  const hashed = { id, at, actor, action, tenantId, runId, target, details, previousHash };
  return bytesToHex(sha256(utf8ToBytes(canonicalJson(hashed))));
}
