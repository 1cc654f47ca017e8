import { findPolicyType } from '../../domain/policy-types/catalogue.ts';
import { captureSnapshot } from '../../domain/work.ts';
import { objectRoute } from '../define-route.ts';
import { nothing } from '../input-schemas.ts';
import { policyInPath } from '../path-id.ts';
import { Problem } from '../problem.ts';
import type { Route } from '../route.ts';
import { startedSchema, startRun } from '../start-run.ts';

export const captureRoutes: readonly Route[] = [
  objectRoute(
    {
      operationId: 'captureSnapshot',
      method: 'post',
      path: '/api/v1/tenants/{tenantId}/policies/{policyId}/captures',
      summary: 'Starts a run that captures a policy as a snapshot',
      tag: 'Snapshots',
      access: 'operator',
      pathId: policyInPath,
      query: nothing,
      body: nothing,
      answer: { status: 202, schema: startedSchema },
      problems: ['conflict', 'dispatch_failed'],
    },
    async ({ deps, caller, tenantId, found }) => {
      if (findPolicyType(found.policy_type)?.supports.capture !== true) {
        throw new Problem('conflict', 'Policies of this type cannot be captured.');
      }
      return startRun(deps, caller, captureSnapshot(tenantId, found.id));
    },
  ),
];
