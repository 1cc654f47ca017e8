import { exportRoutes } from '#api/archive/export-routes.ts';
import { importRoutes } from '#api/archive/import-routes.ts';
import { auditEventRoutes } from '#api/audit/audit-event-routes.ts';
import { backupSetRoutes } from '#api/backup/backup-set-routes.ts';
import { directoryRoutes } from '#api/directory/directory-routes.ts';
import { groupSearchRoutes } from '#api/directory/group-search-routes.ts';
import type { Route } from '#api/http/route.ts';
import { inventorySyncRoutes } from '#api/inventory/inventory-sync-routes.ts';
import { policyRoutes } from '#api/inventory/policy-routes.ts';
import { policyTypeRoutes } from '#api/inventory/policy-type-routes.ts';
import { rerunRoutes } from '#api/rerun/rerun-routes.ts';
import { driftCheckRoutes } from '#api/restore/drift-check-routes.ts';
import { previewRoutes } from '#api/restore/preview-routes.ts';
import { restoreRoutes } from '#api/restore/restore-routes.ts';
import { notificationRoutes } from '#api/run/notification-routes.ts';
import { runRoutes } from '#api/run/run-routes.ts';
import { scheduleRoutes } from '#api/schedule/schedule-routes.ts';
import { captureRoutes } from '#api/snapshot/capture-routes.ts';
import { snapshotDiffRoutes } from '#api/snapshot/snapshot-diff-routes.ts';
import { snapshotRoutes } from '#api/snapshot/snapshot-routes.ts';
import { meRoutes } from '#api/tenant/me-routes.ts';
import { memberRoutes } from '#api/tenant/member-routes.ts';
import { tenantRoutes } from '#api/tenant/tenant-routes.ts';

const routesWithStarts: readonly Route[] = [
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
  ...scheduleRoutes('backup'),
  ...scheduleRoutes('drift'),
  ...restoreRoutes,
  ...previewRoutes,
  ...driftCheckRoutes,
  ...runRoutes,
];

/** Every route under `/api/v1`. */
export const apiRoutes: readonly Route[] = [
  ...routesWithStarts,
  ...rerunRoutes(routesWithStarts),
  ...auditEventRoutes,
  ...notificationRoutes,
];
