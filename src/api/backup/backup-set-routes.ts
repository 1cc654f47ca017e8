import { z } from 'zod';
import { objectRoute, tenantRoute } from '#api/http/define-route.ts';
import { type BodyOf, nameInput, nothing, pageQuery } from '#api/http/input-schemas.ts';
import { listOf, pageRequest, pageView } from '#api/http/list-answer.ts';
import { backupSetInPath } from '#api/http/path-id.ts';
import type { Route } from '#api/http/route.ts';
import { startsAgain } from '#api/run/start-again.ts';
import { startedSchema } from '#api/run/start-run.ts';
import { listBackupSetItems, listBackupSets } from '#db/backup/backup-sets.ts';
import { inTenant } from '#db/database.ts';
import type { AdditionRequest, BackupRequest } from '#domain/run/run-requests.ts';
import {
  isOneChoice,
  oneChoiceMessage,
  policyIdsInput,
  selectionShape,
} from './backup-selection.ts';
import {
  backupItemSchema,
  backupSetSchema,
  toBackupItemView,
  toBackupSetView,
} from './backup-set-view.ts';
import { startAddition, startBackup } from './start-backup.ts';

const listPath = '/api/v1/tenants/{tenantId}/backup-sets';
const setPath = `${listPath}/{backupSetId}`;
const tag = 'Backup sets';

const createBody = z
  .strictObject({
    name: nameInput,
    ...selectionShape,
    includeFoundations: z
      .boolean()
      .optional()
      .describe(
        'Scope tags, filters, notification templates, named locations, and the objects that captured policies refer to',
      ),
    includeAssignments: z.boolean().optional(),
    full: z
      .boolean()
      .optional()
      .describe('Reads everything again, also policies that seem unchanged'),
  } satisfies BodyOf<BackupRequest>)
  .refine(isOneChoice, oneChoiceMessage);

export const backupSetRoutes: readonly Route[] = [
  tenantRoute(
    {
      operationId: 'createBackupSet',
      method: 'post',
      path: listPath,
      summary: 'Starts a run that captures policies, types or everything as a backup set',
      tag,
      access: 'operator',
      query: nothing,
      body: createBody,
      answer: { status: 202, schema: startedSchema },
      starts: startsAgain('backup_set.create', (starting, { parameters }) =>
        startBackup(starting, parameters),
      ),
      problems: ['dispatch_failed'],
    },
    async ({ body, ...starting }) => startBackup(starting, body),
  ),
  tenantRoute(
    {
      operationId: 'listBackupSets',
      method: 'get',
      path: listPath,
      summary: 'The backup sets of a tenant, newest first',
      tag,
      access: 'reader',
      query: pageQuery,
      body: nothing,
      answer: { status: 200, schema: listOf(backupSetSchema) },
    },
    async ({ deps, tenantId, query }) => {
      const list = listPath.replace('{tenantId}', tenantId);
      const page = await inTenant(deps.db, tenantId, (trx) =>
        listBackupSets(trx, pageRequest(list, query)),
      );
      return { body: pageView(list, page, toBackupSetView) };
    },
  ),
  objectRoute(
    {
      operationId: 'getBackupSet',
      method: 'get',
      path: setPath,
      summary: 'One backup set with its manifest',
      tag,
      access: 'reader',
      pathId: backupSetInPath,
      query: nothing,
      body: nothing,
      answer: { status: 200, schema: backupSetSchema },
    },
    async ({ found }) => ({ body: toBackupSetView(found) }),
  ),
  objectRoute(
    {
      operationId: 'listBackupSetItems',
      method: 'get',
      path: `${setPath}/items`,
      summary: 'The items of a backup set, newest first',
      tag,
      access: 'reader',
      pathId: backupSetInPath,
      query: pageQuery,
      body: nothing,
      answer: { status: 200, schema: listOf(backupItemSchema) },
    },
    async ({ deps, tenantId, found, query }) => {
      const list = `/api/v1/tenants/${tenantId}/backup-sets/${found.id}/items`;
      const page = await inTenant(deps.db, tenantId, (trx) =>
        listBackupSetItems(trx, found.id, pageRequest(list, query)),
      );
      return { body: pageView(list, page, toBackupItemView) };
    },
  ),
  objectRoute(
    {
      operationId: 'addPoliciesToBackupSet',
      method: 'post',
      path: `${setPath}/policies`,
      summary: 'Starts a run that captures more policies into a backup set',
      tag,
      access: 'operator',
      pathId: backupSetInPath,
      query: nothing,
      body: z.strictObject({
        policyIds: policyIdsInput,
        includeFoundations: z.boolean().optional(),
      } satisfies BodyOf<AdditionRequest>),
      answer: { status: 202, schema: startedSchema },
      starts: startsAgain('backup_set.add_policies', (starting, { targetId, parameters }) =>
        startAddition(starting, targetId ?? '', parameters),
      ),
      problems: ['dispatch_failed'],
    },
    async ({ found, body, ...starting }) => startAddition(starting, found.id, body),
  ),
];
