import { z } from 'zod';
import { attachment } from '#api/http/attachment.ts';
import { objectRoute } from '#api/http/define-route.ts';
import { type BodyOf, nothing } from '#api/http/input-schemas.ts';
import { intactStream } from '#api/http/intact-stream.ts';
import { backupSetInPath, exportInPath } from '#api/http/path-id.ts';
import { Problem } from '#api/http/problem.ts';
import type { Route } from '#api/http/route.ts';
import { existing, startsAgain } from '#api/run/start-again.ts';
import { startedSchema } from '#api/run/start-run.ts';
import { archiveBytes } from '#db/archive/archive-bytes.ts';
import type { FoundExport } from '#db/archive/exports.ts';
import { findBackupSetById } from '#db/backup/backup-sets.ts';
import { inTenant } from '#db/database.ts';
import type { ArchiveRow } from '#db/tables.ts';
import { isTerminal } from '#domain/run/run.ts';
import { exportFormats } from '#domain/run/operation.ts';
import { type AskedParameters, parametersOf } from '#domain/run/run-parameters.ts';
import { startExport } from './start-export.ts';

const tag = 'Exports and imports';

/** The downloadable zip of an export. @throws Problem if the run has not made it yet, has failed, or it has expired. */
function readyArchive({ run, archive }: FoundExport): ArchiveRow {
  if (!isTerminal(run.status)) throw new Problem('conflict', 'The export is not ready yet.');
  if (run.status !== 'succeeded') {
    throw new Problem(
      'conflict',
      'The run of the export has not succeeded, so there is no archive.',
    );
  }
  if (archive === null || archive.expires_at.getTime() <= Date.now()) {
    throw new Problem('not_found', 'The export has expired. Start another one.');
  }
  return archive;
}

export const exportRoutes: readonly Route[] = [
  objectRoute(
    {
      operationId: 'exportBackupSet',
      method: 'post',
      path: '/api/v1/tenants/{tenantId}/backup-sets/{backupSetId}/exports',
      summary: 'Starts a run that writes a backup set into a zip; its id is the id of the export',
      tag,
      access: 'operator',
      pathId: backupSetInPath,
      query: nothing,
      body: z.strictObject({
        format: z
          .enum(exportFormats)
          .describe("Tenantry's own, with manifest and hashes, or the folders of IntuneCD"),
      } satisfies BodyOf<AskedParameters<'policies.export'>>),
      answer: { status: 202, schema: startedSchema },
      starts: startsAgain('policies.export', async (starting, { targetId, parameters }) => {
        const set = await existing(starting, findBackupSetById, targetId);
        return startExport(starting, set, parameters.format);
      }),
      problems: ['conflict', 'dispatch_failed'],
    },
    async ({ found, body, ...starting }) => startExport(starting, found, body.format),
  ),
  objectRoute(
    {
      operationId: 'downloadExport',
      method: 'get',
      path: '/api/v1/tenants/{tenantId}/exports/{exportId}',
      summary: 'The zip of an export, by the id of its run',
      tag,
      access: 'operator',
      pathId: exportInPath,
      query: nothing,
      body: nothing,
      answer: { status: 200, mediaType: 'application/zip' },
      problems: ['conflict', 'snapshot_corrupt'],
    },
    async ({ deps, tenantId, found }) => {
      const archive = readyArchive(found);
      const set = await inTenant(deps.db, tenantId, (trx) =>
        findBackupSetById(trx, found.run.target_id ?? ''),
      );
      const { format } = parametersOf('policies.export', found.run.parameters);
      const content = await intactStream(archiveBytes(deps.db, deps.cipher, archive), 'the export');
      return {
        headers: {
          'Content-Disposition': attachment(`${set?.name ?? 'export'}.${format}.zip`),
        },
        stream: { type: 'application/zip', byteLength: Number(archive.byte_length), content },
      };
    },
  ),
];
