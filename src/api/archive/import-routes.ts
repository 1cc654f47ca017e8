import { createHash } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { daysFromNow } from '#api/http/days-from-now.ts';
import { uploadRoute } from '#api/http/define-route.ts';
import { nothing } from '#api/http/input-schemas.ts';
import type { Route } from '#api/http/route.ts';
import { startedSchema, startRun } from '#api/run/start-run.ts';
import { insertWholeArchive } from '#db/archive/archive-bytes.ts';
import { deleteExpiredArchives } from '#db/archive/archives.ts';
import { importPolicies } from '#domain/run/run-requests.ts';

/** The run deletes the sent zip at its end; this limit is for a run that was cut off before. */
const keptDays = 1;

export const importRoutes: readonly Route[] = [
  uploadRoute(
    {
      operationId: 'importPolicies',
      method: 'post',
      path: '/api/v1/tenants/{tenantId}/imports',
      summary:
        "Starts a run that makes a backup set of a zip: an export of Tenantry's, or a backup of IntuneCD's",
      tag: 'Exports and imports',
      access: 'manager',
      bodyType: 'zip',
      query: nothing,
      answer: { status: 202, schema: startedSchema },
      problems: ['dispatch_failed', 'payload_too_large', 'unsupported_media_type'],
    },
    async ({ deps, caller, tenantId, zip }) => {
      const sha256 = createHash('sha256').update(zip).digest('hex');
      const archive = { kind: 'import', expiresAt: daysFromNow(keptDays) } as const;
      return startRun(
        deps,
        caller,
        importPolicies(tenantId, uuidv7(), sha256),
        async (trx, { id }) => {
          await deleteExpiredArchives(trx);
          await insertWholeArchive(trx, deps.cipher, { ...archive, id }, zip);
        },
      );
    },
  ),
];
