import { z } from 'zod';
import type { ApiDependencies } from '#api/http/dependencies.ts';
import { type BodyOf, guidInput } from '#api/http/input-schemas.ts';
import { invalidRequest } from '#api/http/problem.ts';
import { policyTypeInput } from '#api/inventory/policy-type-input.ts';
import { inTenant } from '#db/database.ts';
import { listKnownPolicyIds } from '#db/inventory/policies.ts';
import type { BackupSelection } from '#domain/run/run-requests.ts';

/** More than an administrator picks by hand; larger backups name whole types. */
const policyIdsMax = 1_000;
/** More than the number of types; a type that occurs twice counts once. */
const typesMax = 200;

/** Policies chosen one by one. */
export const policyIdsInput = z.array(guidInput).min(1).max(policyIdsMax);

/** The selection of a backup; {@link isOneChoice} completes its check. */
export const selectionShape = {
  policyIds: policyIdsInput.optional(),
  types: z.array(policyTypeInput).min(1).max(typesMax).optional(),
  all: z.literal(true, 'must be true, or left out').optional(),
} satisfies BodyOf<BackupSelection>;

/** A selection has exactly one of its members. */
export function isOneChoice({ policyIds, types, all }: BackupSelection): boolean {
  return [policyIds, types, all].filter((choice) => choice !== undefined).length === 1;
}

/** The error if {@link isOneChoice} is false. */
export const oneChoiceMessage = 'give exactly one of policyIds, types, and all';

/**
 * Checks that the policies in a body belong to the tenant.
 * @param path the place of the ids in the body.
 * @throws Problem `invalid_request` naming each unknown id and each id of another tenant alike.
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

/** The first errors are enough for a client. */
const errorsMax = 20;
