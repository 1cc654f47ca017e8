import { z } from 'zod';
import type { ApiDependencies } from '#api/http/dependencies.ts';
import { type BodyOf, guidInput } from '#api/http/input-schemas.ts';
import { invalidRequest } from '#api/http/problem.ts';
import { policyTypeInput } from '#api/inventory/policy-type-input.ts';
import { inTenant } from '#db/database.ts';
import { listKnownPolicyIds } from '#db/inventory/policies.ts';
import type { BackupSelection } from '#domain/run/run-requests.ts';

/** More than an admin picks by hand; whoever wants more than this takes whole types. */
const policyIdsMax = 1_000;
/** More than there are types; a type that is named twice counts once. */
const typesMax = 200;

/** Policies chosen one by one. */
export const policyIdsInput = z.array(guidInput).min(1).max(policyIdsMax);

/** What may be chosen for a backup; {@link exactlyOneChoice} completes the check. */
export const selectionShape = {
  policyIds: policyIdsInput.optional(),
  types: z.array(policyTypeInput).min(1).max(typesMax).optional(),
  all: z.literal(true, 'must be true, or left out').optional(),
} satisfies BodyOf<BackupSelection>;

/** Whether a selection says what it wants in one way. */
export function isOneChoice({ policyIds, types, all }: BackupSelection): boolean {
  return [policyIds, types, all].filter((choice) => choice !== undefined).length === 1;
}

/** What to answer where {@link isOneChoice} says no. */
export const oneChoiceMessage = 'give exactly one of policyIds, types, and all';

/**
 * Checks that policies named in a body are the tenant's own.
 * @param path where the ids stand in the body.
 * @throws Problem `invalid_request` that names each id that is not, be it another tenant's or nobody's.
 */
export async function requireOwnPolicies(
  deps: ApiDependencies,
  tenantId: string,
  policyIds: readonly string[] | undefined,
  path: string,
): Promise<void> {
  if (policyIds === undefined) return;
  const known = await inTenant(deps.db, tenantId, (trx) => listKnownPolicyIds(trx, policyIds));
  const errors = policyIds.flatMap((id, index) =>
    known.has(id)
      ? []
      : [{ path: `${path}.${index}`, message: `${id} is no policy of this tenant` }],
  );
  if (errors.length > 0) throw invalidRequest(errors.slice(0, errorsMax));
}

/** A client learns enough from the first few. */
const errorsMax = 20;
