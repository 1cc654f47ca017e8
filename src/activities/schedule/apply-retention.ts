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

/** Items of a set that go in one transaction, with as many snapshots and contents at most: some tens of milliseconds. */
const itemsPerTransaction = 500;
/** Contents that nobody uses any more: few, left by captures that held them when their snapshots went. */
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

/** @returns how many sets are gone. */
async function applyToTenant({ db }: ActivityDeps, tenantId: string): Promise<number> {
  const rules = await asRetention(db, tenantId, (trx) => listRetentionRules(trx));
  for (const rule of rules) {
    const marked = await asRetention(db, tenantId, (trx) => markExpiredSets(trx, rule));
    if (marked.length > 0)
      log.info('backup sets expire', { tenantId, scheduleId: rule.id, marked });
  }
  // Also those of a round that was interrupted, or of a schedule that is gone since.
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
