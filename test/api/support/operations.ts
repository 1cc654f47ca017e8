import type { Access } from '#api/http/route.ts';
import { tenantryZip } from '#test/support/tenantry-zip.ts';
import type { ApiRequest } from './api-under-test.ts';
import { homeTenantId } from './tokens.ts';
import { principalOf, strangerOid, type TenantWorld } from './world.ts';

/**
 * The access of every route by the contract. It repeats the route table on purpose: the author of a change must compare it
 * with the contract.
 */
export const expectedAccess: Readonly<Record<string, Access>> = {
  getMe: 'authenticated',
  listTenants: 'authenticated',
  registerTenant: 'platform_admin',
  getTenant: 'reader',
  listMembers: 'owner',
  getMember: 'owner',
  putMember: 'owner',
  deleteMember: 'owner',
  listPolicyTypes: 'reader',
  listPolicies: 'reader',
  getPolicy: 'reader',
  listSnapshotsOfPolicy: 'reader',
  getSnapshot: 'reader',
  diffSnapshots: 'reader',
  createBackupSet: 'operator',
  listBackupSets: 'reader',
  getBackupSet: 'reader',
  listBackupSetItems: 'reader',
  addPoliciesToBackupSet: 'operator',
  exportBackupSet: 'operator',
  downloadExport: 'operator',
  importPolicies: 'manager',
  createBackupSchedule: 'manager',
  listBackupSchedules: 'reader',
  getBackupSchedule: 'reader',
  replaceBackupSchedule: 'manager',
  deleteBackupSchedule: 'manager',
  triggerBackupSchedule: 'manager',
  pauseBackupSchedule: 'manager',
  resumeBackupSchedule: 'manager',
  createDriftSchedule: 'manager',
  listDriftSchedules: 'reader',
  getDriftSchedule: 'reader',
  replaceDriftSchedule: 'manager',
  deleteDriftSchedule: 'manager',
  triggerDriftSchedule: 'manager',
  pauseDriftSchedule: 'manager',
  resumeDriftSchedule: 'manager',
  syncInventory: 'operator',
  syncDirectory: 'operator',
  listDirectoryGroups: 'reader',
  searchGroups: 'owner',
  captureSnapshot: 'operator',
  listRuns: 'reader',
  getRun: 'reader',
  listRunItems: 'reader',
  cancelRun: 'manager',
  rerunRun: 'manager',
  previewRestore: 'operator',
  executeRestore: 'manager',
  getRunPreview: 'reader',
  undoRestore: 'manager',
  checkDrift: 'operator',
  listAuditEvents: 'owner',
  listNotifications: 'authenticated',
  readNotification: 'authenticated',
  readAllNotifications: 'authenticated',
  getHealth: 'public',
  getReadiness: 'public',
  getOpenApi: 'public',
  getDocs: 'public',
  getHome: 'public',
  getPageStyle: 'public',
};

/** A new tenant to register at each call. */
export function freshTenantId(): string {
  return crypto.randomUUID();
}

const nightly = { name: 'Nightly', cron: '0 2 * * *', selection: { all: true } };

/** A body that an operation accepts, if it needs one; its ids belong to the tenant. */
export function goodBody(
  operationId: string,
  { policyId, backupSetId }: Pick<TenantWorld, 'policyId' | 'backupSetId'>,
): unknown {
  const bodies: Readonly<Record<string, unknown>> = {
    registerTenant: {
      tenantId: freshTenantId(),
      displayName: 'New',
      owners: [principalOf('owner')],
    },
    putMember: { role: 'reader' },
    syncInventory: { types: ['scopeTag'] },
    createBackupSet: { name: 'Nightly', all: true },
    addPoliciesToBackupSet: { policyIds: [policyId] },
    exportBackupSet: { format: 'tenantry' },
    previewRestore: { backupSetId },
    executeRestore: { backupSetId },
    checkDrift: { backupSetId },
    createDriftSchedule: { name: 'Drift', cron: '0 3 * * *', backupSetId },
    replaceDriftSchedule: { name: 'Drift', cron: '0 3 * * *', backupSetId },
    createBackupSchedule: nightly,
    replaceBackupSchedule: nightly,
  };
  return bodies[operationId];
}

/** A body for the operations without JSON; null for the others. */
export function goodUpload(operationId: string): ApiRequest | null {
  if (operationId !== 'importPolicies') return null;
  const raw = new Uint8Array(tenantryZip());
  return { raw, headers: { 'content-type': 'application/zip' } };
}

/** A query that an operation accepts, if it needs one; its ids belong to the tenant. */
export function goodQuery(operationId: string, { snapshotId }: TenantWorld): string {
  if (operationId === 'searchGroups') return '?q=pilot';
  return operationId === 'diffSnapshots' ? `?against=${snapshotId}` : '';
}

/** A principal that tests add and remove at will. */
export const passingMember = `${homeTenantId}:${strangerOid.replace('ff', 'ee')}`;
