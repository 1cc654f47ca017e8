import { canonicalIds, type WorkIdentity } from './idempotency-key.ts';
import type { OperationType } from './run.ts';

/** A piece of work that somebody asks for: what the run shows, and what its idempotency key is made of. */
export interface Work extends Omit<WorkIdentity, 'operationType'> {
  readonly operationType: OperationType;
  readonly target: { readonly type: string; readonly id: string } | null;
  /** The parameters as given, in the API's camelCase. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** Listing what a tenant has, of some policy types or of all. */
export function inventorySync(tenantId: string, types: readonly string[] | undefined): Work {
  const chosen = canonicalIds(types);
  return {
    tenantId,
    operationType: 'inventory.sync',
    target: null,
    targetId: null,
    parameters: { types: chosen },
    context: { types: chosen },
  };
}

/** Capturing one policy as a snapshot. */
export function captureSnapshot(tenantId: string, policyId: string): Work {
  return {
    tenantId,
    operationType: 'policy.capture_snapshot',
    target: { type: 'policy', id: policyId },
    targetId: policyId,
    parameters: { policyId },
    context: {},
  };
}
