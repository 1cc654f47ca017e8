import { objectRoute } from '../define-route.ts';
import { nothing } from '../input-schemas.ts';
import { policyInPath } from '../path-id.ts';
import type { Route } from '../route.ts';
import { startCapture } from '../start-capture.ts';
import { startedSchema } from '../start-run.ts';

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
    async ({ found, ...starting }) => startCapture(starting, found),
  ),
];
