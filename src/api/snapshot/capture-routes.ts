import { objectRoute } from '#api/http/define-route.ts';
import { nothing } from '#api/http/input-schemas.ts';
import { policyInPath } from '#api/http/path-id.ts';
import type { Route } from '#api/http/route.ts';
import { existing, startsAgain } from '#api/run/start-again.ts';
import { startedSchema } from '#api/run/start-run.ts';
import { findPolicyById } from '#db/inventory/policies.ts';
import { startCapture } from './start-capture.ts';

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
      starts: startsAgain('policy.capture_snapshot', async (starting, { parameters }) =>
        startCapture(starting, await existing(starting, findPolicyById, parameters.policyId)),
      ),
      problems: ['conflict', 'dispatch_failed'],
    },
    async ({ found, ...starting }) => startCapture(starting, found),
  ),
];
