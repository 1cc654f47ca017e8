import { auditEventRoutes } from './resources/audit-events.ts';
import { backupScheduleRoutes } from './resources/backup-schedules.ts';
import { backupSetRoutes } from './resources/backup-sets.ts';
import { captureRoutes } from './resources/captures.ts';
import { directoryRoutes } from './resources/directory.ts';
import { driftCheckRoutes } from './resources/drift-checks.ts';
import { driftScheduleRoutes } from './resources/drift-schedules.ts';
import { exportRoutes } from './resources/exports.ts';
import { groupSearchRoutes } from './resources/group-search.ts';
import { importRoutes } from './resources/imports.ts';
import { inventorySyncRoutes } from './resources/inventory-syncs.ts';
import { meRoutes } from './resources/me.ts';
import { memberRoutes } from './resources/members.ts';
import { notificationRoutes } from './resources/notifications.ts';
import { policyRoutes } from './resources/policies.ts';
import { policyTypeRoutes } from './resources/policy-types.ts';
import { previewRoutes } from './resources/previews.ts';
import { rerunRoutes } from './resources/reruns.ts';
import { restoreRoutes } from './resources/restores.ts';
import { runRoutes } from './resources/runs.ts';
import { snapshotDiffRoutes } from './resources/snapshot-diff.ts';
import { snapshotRoutes } from './resources/snapshots.ts';
import { tenantRoutes } from './resources/tenants.ts';
import type { Route } from './route.ts';

/** Every route under `/api/v1`. */
export const apiRoutes: readonly Route[] = [
  ...meRoutes,
  ...tenantRoutes,
  ...memberRoutes,
  ...policyTypeRoutes,
  ...policyRoutes,
  ...inventorySyncRoutes,
  ...directoryRoutes,
  ...groupSearchRoutes,
  ...snapshotRoutes,
  ...snapshotDiffRoutes,
  ...captureRoutes,
  ...backupSetRoutes,
  ...exportRoutes,
  ...importRoutes,
  ...backupScheduleRoutes,
  ...driftScheduleRoutes,
  ...restoreRoutes,
  ...previewRoutes,
  ...driftCheckRoutes,
  ...runRoutes,
  ...rerunRoutes,
  ...auditEventRoutes,
  ...notificationRoutes,
];
