import { z } from 'zod';
import { tenantRoute } from '#api/http/define-route.ts';
import { type BodyOf, guidInput, nothing } from '#api/http/input-schemas.ts';
import type { Route } from '#api/http/route.ts';
import { startsAgain } from '#api/run/start-again.ts';
import { startedSchema } from '#api/run/start-run.ts';
import type { AskedParameters } from '#domain/run/run-parameters.ts';
import { startDriftCheck } from './start-restore.ts';

export const driftCheckRoutes: readonly Route[] = [
  tenantRoute(
    {
      operationId: 'checkDrift',
      method: 'post',
      path: '/api/v1/tenants/{tenantId}/drift-checks',
      summary: 'Starts a run that compares a backup set with the live tenant',
      tag: 'Restores',
      access: 'operator',
      query: nothing,
      body: z.strictObject({ backupSetId: guidInput } satisfies BodyOf<
        AskedParameters<'drift.check'>
      >),
      answer: { status: 202, schema: startedSchema },
      starts: startsAgain('drift.check', (starting, { parameters }) =>
        startDriftCheck(starting, parameters.backupSetId),
      ),
      problems: ['conflict', 'dispatch_failed'],
    },
    async ({ body, ...starting }) => startDriftCheck(starting, body.backupSetId),
  ),
];
