import { Problem } from '#api/http/problem.ts';
import type { Answer } from '#api/http/route.ts';
import { type Starting, startRun } from '#api/run/start-run.ts';
import type { PolicyRow } from '#db/tables.ts';
import { findPolicyType } from '#domain/policy-types/catalogue.ts';
import { captureSnapshot } from '#domain/run/run-requests.ts';

/** Starts the capture of a policy. @throws Problem 409 for a type without capture. */
export async function startCapture(
  { deps, caller, tenantId }: Starting,
  policy: PolicyRow,
): Promise<Answer> {
  if (findPolicyType(policy.policy_type) === undefined) {
    throw new Problem('conflict', 'Policies of this type cannot be captured.');
  }
  return startRun(deps, caller, captureSnapshot(tenantId, policy.id));
}
