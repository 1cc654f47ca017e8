import { cancellationSignal, log } from '@temporalio/activity';
import type { ActivityDeps } from '#activities/runtime/deps.ts';
import { eachTenant } from '#activities/runtime/each-tenant.ts';
import { heartbeating } from '#activities/runtime/heartbeating.ts';
import { deleteExpiredArchives } from '#db/archive/archives.ts';
import { asRetention, inTenant } from '#db/database.ts';
import {
  deleteOrphanContents,
  deletePieceOfSet,
  listGoingSets,
  listRetentionRules,
  markExpiredSets,
} from '#db/schedule/retention.ts';
import type { MaintenanceActivities } from '#domain/run/activity-types.ts';

/** Items deleted in one transaction, with at most as many snapshots and contents: some tens of milliseconds. */
const itemsPerTransaction = 500;
/** Unused contents: few, left by captures that held them while their snapshots were deleted. */
const contentsPerTransaction = 500;

/** See {@link MaintenanceActivities.applyRetention}. */
export function createApplyRetention(deps: ActivityDeps): MaintenanceActivities['applyRetention'] {
  return () =>
    heartbeating(async () => {
      let setsDeleted = 0;
      await eachTenant(deps.db, null, async (tenantId) => {
        setsDeleted += await applyToTenant(deps, tenantId);
      });
      return { setsDeleted };
    });
}

/** @returns the number of deleted sets. */
async function applyToTenant({ db }: ActivityDeps, tenantId: string): Promise<number> {
  const rules = await asRetention(db, tenantId, (trx) => listRetentionRules(trx));
  for (const rule of rules) {
    const marked = await asRetention(db, tenantId, (trx) => markExpiredSets(trx, rule));
    if (marked.length > 0)
      log.info('backup sets expire', { tenantId, scheduleId: rule.id, marked });
  }
  // Includes sets of an interrupted round or a deleted schedule.
  const going = await asRetention(db, tenantId, (trx) => listGoingSets(trx));
  for (const backupSetId of going) {
    const takePiece = () =>
      asRetention(db, tenantId, (trx) => deletePieceOfSet(trx, backupSetId, itemsPerTransaction));
    while (await takePiece()) cancellationSignal().throwIfAborted();
  }
  const deleteOrphans = () =>
    asRetention(db, tenantId, (trx) => deleteOrphanContents(trx, contentsPerTransaction));
  while ((await deleteOrphans()) > 0) cancellationSignal().throwIfAborted();
  await inTenant(db, tenantId, (trx) => deleteExpiredArchives(trx));
  return going.length;
}
