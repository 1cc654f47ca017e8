import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { canonicalJson, type Json } from '#domain/json/canonical-json.ts';

export interface RunIdentity {
  readonly tenantId: string;
  readonly operationType: string;
  /** The target by the contract's table; null for an operation on the tenant as a whole. */
  readonly targetId: string | null;
  /** The identifying parameters in snake_case, absent ones null. */
  readonly context: { readonly [key: string]: Json };
}

/** The SHA-256 in lower-case hex (64 characters) of the identity's canonical JSON. It is also the workflow ID, exactly. */
export function idempotencyKey(run: RunIdentity): string {
  const identity = canonicalJson({
    tenant_id: run.tenantId,
    operation_type: run.operationType.trim(),
    target_id: run.targetId,
    context: run.context,
  });
  return bytesToHex(sha256(utf8ToBytes(identity)));
}

/** The ids without duplicates, sorted by code unit: the form of the key. */
export function canonicalIds(ids: readonly string[]): string[] {
  return [...new Set(ids)].sort();
}
