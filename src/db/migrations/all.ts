import type { Migration } from 'kysely';
import * as tenants from './001-tenants.ts';
import * as runs from './002-runs.ts';
import * as policiesAndSnapshots from './003-policies-and-snapshots.ts';
import * as foreignIds from './004-foreign-ids.ts';
import * as backupSets from './005-backup-sets.ts';
import * as graphBudgets from './006-graph-budgets.ts';
import * as backupSchedules from './007-backup-schedules.ts';
import * as archives from './008-archives.ts';
import * as auditChain from './009-audit-chain.ts';
import * as graphWriteBudgets from './010-graph-write-budgets.ts';
import * as directory from './011-directory.ts';
import * as restores from './012-restores.ts';
import * as driftSchedules from './013-drift-schedules.ts';
import * as keptSnapshots from './014-kept-snapshots.ts';

/** Every migration, in order. A static map: a search of the checkout finds every migration, and no other file runs. */
export const migrations: Readonly<Record<string, Migration>> = {
  '001-tenants': tenants,
  '002-runs': runs,
  '003-policies-and-snapshots': policiesAndSnapshots,
  '004-foreign-ids': foreignIds,
  '005-backup-sets': backupSets,
  '006-graph-budgets': graphBudgets,
  '007-backup-schedules': backupSchedules,
  '008-archives': archives,
  '009-audit-chain': auditChain,
  '010-graph-write-budgets': graphWriteBudgets,
  '011-directory': directory,
  '012-restores': restores,
  '013-drift-schedules': driftSchedules,
  '014-kept-snapshots': keptSnapshots,
};
