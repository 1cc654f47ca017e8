import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { canonicalJson, type Json } from '#domain/json/canonical-json.ts';

export interface RunIdentity {
  readonly tenantId: string;
  readonly operationType: string;
  /** The id that the contract's table names as the target; null for a tenant or none. */
  readonly targetId: string | null;
  /** The parameters that define the work, in snake_case, absent ones null. */
  readonly context: { readonly [key: string]: Json };
}

/**
 * The idempotency key of a piece of work: SHA-256, lower-case hex (64 characters), of its canonical JSON.
 * It is also the workflow ID, exactly.
 */
export function idempotencyKey(work: RunIdentity): string {
  const identity = canonicalJson({
    tenant_id: work.tenantId,
    operation_type: work.operationType.trim(),
    target_id: work.targetId,
    context: work.context,
  });
  return bytesToHex(sha256(utf8ToBytes(identity)));
}

/** An id list as the key wants it: without duplicates, sorted by code unit. */
export function canonicalIds(ids: readonly string[]): string[] {
  return [...new Set(ids)].sort();
}
