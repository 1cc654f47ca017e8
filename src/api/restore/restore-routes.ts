import { z } from 'zod';
import { objectRoute, tenantRoute } from '#api/http/define-route.ts';
import { type BodyOf, nothing } from '#api/http/input-schemas.ts';
import { runInPath } from '#api/http/path-id.ts';
import type { Route } from '#api/http/route.ts';
import { existing, startsAgain } from '#api/run/start-again.ts';
import { startedSchema } from '#api/run/start-run.ts';
import { findRunById } from '#db/run/runs.ts';
import type { AskedParameters } from '#domain/run/run-parameters.ts';
import { previewBody, restoreBody, restoreBodyBytesMax } from './restore-input.ts';
import { startPreview, startRestore, startUndo } from './start-restore.ts';

const tag = 'Restores';

export const restoreRoutes: readonly Route[] = [
  tenantRoute(
    {
      operationId: 'previewRestore',
      method: 'post',
      path: '/api/v1/tenants/{tenantId}/restore-previews',
      summary: 'Starts a run that plans a restore item by item and writes nothing to the tenant',
      tag,
      access: 'operator',
      query: nothing,
      body: previewBody,
      bodyBytesMax: restoreBodyBytesMax,
      answer: { status: 202, schema: startedSchema },
      starts: startsAgain('restore.preview', (starting, { parameters }) =>
        startPreview(starting, parameters),
      ),
      problems: ['conflict', 'dispatch_failed'],
    },
    async ({ body, ...starting }) => startPreview(starting, body),
  ),
  tenantRoute(
    {
      operationId: 'executeRestore',
      method: 'post',
      path: '/api/v1/tenants/{tenantId}/restores',
      summary: 'Starts a run that restores a backup set or items of it, or carries out a preview',
      tag,
      access: 'manager',
      query: nothing,
      body: restoreBody,
      bodyBytesMax: restoreBodyBytesMax,
      answer: { status: 202, schema: startedSchema },
      starts: startsAgain('restore.execute', (starting, { parameters }) =>
        startRestore(starting, parameters),
      ),
      problems: ['conflict', 'preview_stale', 'dispatch_failed'],
    },
    async ({ body, ...starting }) => startRestore(starting, body),
  ),
  objectRoute(
    {
      operationId: 'undoRestore',
      method: 'post',
      path: '/api/v1/tenants/{tenantId}/runs/{runId}/undo',
      summary: 'Starts a run that reverses a restore',
      tag,
      access: 'manager',
      pathId: runInPath,
      query: nothing,
      body: z.strictObject({
        deleteCreated: z
          .boolean()
          .optional()
          .describe('Deletes the objects that the restore created, unless they were changed since'),
      } satisfies BodyOf<Omit<AskedParameters<'restore.undo'>, 'runId'>>),
      answer: { status: 202, schema: startedSchema },
      starts: startsAgain('restore.undo', async (starting, { parameters }) => {
        const restore = await existing(starting, findRunById, parameters.runId);
        return startUndo(starting, restore, parameters.deleteCreated);
      }),
      problems: ['conflict', 'dispatch_failed'],
    },
    async ({ found, body, ...starting }) => startUndo(starting, found, body.deleteCreated ?? false),
  ),
];
