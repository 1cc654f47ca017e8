import type { ColumnType, Generated, Selectable } from 'kysely';
import type { JsonObject } from '#domain/audit/audit-event.ts';
import type { Manifest } from '#domain/backup/manifest.ts';
import type { Role } from '#domain/identity/role.ts';
import type { FoundBy, PlannedAction } from '#domain/restore/plan.ts';
import type { FailureCode, FailureContext } from '#domain/run/failure.ts';
import type { OperationType } from '#domain/run/operation.ts';
import type { ItemAction, ItemOutcome, RunStatus } from '#domain/run/run.ts';
import type { BackupSelection } from '#domain/run/run-requests.ts';

/** Written as JSON text (pg would turn a bare array into a Postgres array), read as the value. */
type Json<T extends object> = ColumnType<T, string, string>;
type NullableJson<T extends object> = ColumnType<T | null, string | null, string | null>;
type Timestamp = ColumnType<Date, Date | undefined, Date>;
type NullableTimestamp = ColumnType<Date | null, Date | null | undefined, Date | null>;

export interface Warning {
  readonly code: string;
  readonly message: string;
}

interface TenantsTable {
  tenant_id: string;
  row_id: string;
  display_name: string;
  created_by: string;
  created_at: Timestamp;
}

interface MembersTable {
  tenant_id: string;
  principal_id: string;
  row_id: string;
  kind: 'user' | 'group';
  display_name: string | null;
  role: Role;
  created_at: Timestamp;
  updated_at: Timestamp;
}

interface RunsTable {
  tenant_id: string;
  id: string;
  operation_type: OperationType;
  target_type: string | null;
  target_id: string | null;
  parameters: Json<Record<string, unknown>>;
  idempotency_key: string;
  status: RunStatus;
  total: Generated<number>;
  succeeded: Generated<number>;
  failed: Generated<number>;
  skipped: Generated<number>;
  initiator_id: string;
  initiator_name: string;
  /** The recipient of the run's notifications, if not its initiator. */
  notified_id: string | null;
  workflow_run_id: string | null;
  cancel_requested_at: NullableTimestamp;
  error_code: string | null;
  error_message: string | null;
  error_context: NullableJson<FailureContext>;
  created_at: Timestamp;
  started_at: NullableTimestamp;
  finished_at: NullableTimestamp;
  updated_at: Timestamp;
}

interface RunItemsTable {
  tenant_id: string;
  run_id: string;
  item_id: string;
  backup_item_id: string | null;
  policy_id: string | null;
  policy_type: string;
  display_name: string;
  action: ItemAction;
  outcome: Generated<ItemOutcome>;
  error_code: string | null;
  error_message: string | null;
  error_context: NullableJson<FailureContext>;
  graph_id: string | null;
  warnings: ColumnType<Warning[], string | undefined, string>;
  attempts: Generated<number>;
  /** The position by which workers fetch the items of a large run; null for items without one. */
  ordinal: number | null;
  started_at: NullableTimestamp;
  finished_at: NullableTimestamp;
}

interface NotificationsTable {
  tenant_id: string;
  id: string;
  run_id: string;
  principal_id: string;
  kind: `run.${RunStatus}`;
  title: string;
  message: string;
  error: NullableJson<{ code: string; context: FailureContext }>;
  created_at: Timestamp;
  read_at: NullableTimestamp;
}

interface AuditEventsTable {
  tenant_id: string;
  id: string;
  /** Postgres rounds it to the millisecond. */
  at: Date;
  actor: string;
  action: string;
  run_id: string | null;
  target: NullableJson<JsonObject>;
  details: Json<JsonObject>;
  /** Counts from 1 without a gap in each tenant. */
  seq: number;
  /** Null for the first event of a tenant. */
  previous_hash: Buffer | null;
  hash: Buffer;
}

interface AuditHeadsTable {
  tenant_id: string;
  /** The `seq` of the last event; 0 before the first. */
  seq: Generated<number>;
  hash: Buffer | null;
}

interface PoliciesTable {
  tenant_id: string;
  id: string;
  policy_type: string;
  graph_id: string;
  display_name: string;
  platform: string | null;
  odata_type: string | null;
  present: boolean;
  last_modified_at: NullableTimestamp;
  last_captured_at: NullableTimestamp;
  last_snapshot_id: string | null;
  last_seen_at: Timestamp;
}

interface SnapshotContentsTable {
  tenant_id: string;
  sha256: Buffer;
  canonical_sha256: Buffer;
  byte_length: number;
  key_id: string;
  nonce: Buffer;
  ciphertext: Buffer;
  created_at: Timestamp;
  verified_at: NullableTimestamp;
  /** The time of the first verification to find the content damaged; null while it is sound. */
  damaged_at: NullableTimestamp;
}

interface SnapshotsTable {
  tenant_id: string;
  id: string;
  policy_id: string;
  run_id: string;
  policy_type: string;
  display_name: string;
  graph_id: string;
  sha256: Buffer;
  complete: boolean;
  warnings: ColumnType<Warning[], string, never>;
  revision: string | null;
  assignments_hash: string | null;
  captured_at: Timestamp;
}

interface ContentReferencesTable {
  tenant_id: string;
  sha256: Buffer;
  policy_type: string;
  graph_id: string;
}

interface BackupSetsTable {
  tenant_id: string;
  id: string;
  name: string;
  origin: 'backup' | 'import';
  schedule_id: string | null;
  created_by_id: string;
  created_by_name: string;
  created_at: Timestamp;
  manifest: NullableJson<Manifest>;
  /** Retention deletes the set piece by piece from this time on; the API hides it. */
  deleting_at: NullableTimestamp;
}

interface BackupSetTypesTable {
  tenant_id: string;
  backup_set_id: string;
  policy_type: string;
  run_id: string;
  listed: number | null;
  built_in: Generated<number>;
  forbidden: Generated<boolean>;
  unsupported: Generated<boolean>;
  error_code: string | null;
}

interface BackupSetItemsTable {
  tenant_id: string;
  backup_set_id: string;
  backup_item_id: string;
  policy_id: string;
  snapshot_id: string | null;
  warnings: ColumnType<Warning[], string | undefined, string>;
}

interface ArchivesTable {
  tenant_id: string;
  /** The id of the run, an export or an import. */
  id: string;
  kind: 'export' | 'import';
  /** The number of the present attempt at writing: chunks of an earlier attempt, thought dead, are refused. */
  generation: Generated<number>;
  complete: Generated<boolean>;
  chunk_count: number | null;
  /** pg reads a bigint as text. */
  byte_length: ColumnType<string | null, number | null, number | null>;
  sha256: Buffer | null;
  expires_at: Timestamp;
}

interface ArchiveChunksTable {
  tenant_id: string;
  archive_id: string;
  generation: number;
  seq: number;
  sha256: Buffer;
  key_id: string;
  nonce: Buffer;
  ciphertext: Buffer;
}

interface BackupSchedulesTable {
  tenant_id: string;
  id: string;
  name: string;
  cron: string;
  time_zone: string;
  /** The policies to back up; null if the schedule compares a backup set with the tenant. */
  selection: NullableJson<BackupSelection>;
  backup_set_id: string | null;
  keep_last: number | null;
  keep_days: number | null;
  jitter_seconds: number;
  catch_up_seconds: number;
  paused: boolean;
  created_by_id: string;
  created_by_name: string;
  created_at: Timestamp;
  /** Changes with every change of the row: tells whether Temporal has the schedule's present state. */
  revision: string;
  next_run_at: NullableTimestamp;
  last_run_id: string | null;
  /** The id of the Temporal execution behind the last run; null if a person started it. */
  last_firing_id: string | null;
}

interface DirectoryGroupsTable {
  tenant_id: string;
  /** In lower case, as Postgres writes a uuid. */
  group_id: string;
  row_id: string;
  display_name: string;
  security_enabled: boolean;
  mail_enabled: boolean;
  membership_type: 'assigned' | 'dynamic';
  /** Null for a group with assigned members. */
  membership_rule: string | null;
  on_premises: boolean;
  present: boolean;
  last_seen_at: Timestamp;
}

interface RestoreItemsTable {
  tenant_id: string;
  run_id: string;
  item_id: string;
  source_tenant_id: string;
  source_graph_id: string;
  source_sha256: Buffer | null;
  group_number: number;
  write_number: number | null;
  target_graph_id: string | null;
  target_found_by: FoundBy | null;
  target_candidates: Generated<number>;
  /** Null until the item is planned. */
  action: PlannedAction | null;
  blocked_code: FailureCode | null;
  assignments_blocked: Generated<boolean>;
  live_hash: string | null;
  sha256: Buffer | null;
  key_id: string | null;
  nonce: Buffer | null;
  ciphertext: Buffer | null;
  /** The time of the check, just before the first write, that the live object is as planned. */
  checked_at: NullableTimestamp;
  /** The snapshot of the live object, taken just before the first write. */
  snapshot_id: string | null;
  /** The hash of the live object after the last write. */
  written_hash: string | null;
}

interface RestoreReferencesTable {
  tenant_id: string;
  run_id: string;
  policy_type: string;
  /** In lower case: Graph writes ids in either. */
  source_graph_id: string;
  graph_id: string | null;
  found_by: FoundBy | null;
  item_id: string | null;
}

interface RestoredObjectsTable {
  tenant_id: string;
  source_tenant_id: string;
  policy_type: string;
  /** In lower case. */
  source_graph_id: string;
  graph_id: string;
  run_id: string;
  restored_at: Timestamp;
}

interface GraphWritesTable {
  tenant_id: string;
  run_id: string;
  item_id: string;
  name: string;
  policy_type: string;
  method: string;
  path: string;
  repeatable: boolean;
  state: 'intended' | 'done' | 'refused';
  claims: Generated<number>;
  intended_at: Timestamp;
  done_at: NullableTimestamp;
  object_id: string | null;
  status: number | null;
  known_ids: string[];
  sha256: Buffer | null;
  key_id: string | null;
  nonce: Buffer | null;
  ciphertext: Buffer | null;
}

export interface Database {
  tenants: TenantsTable;
  members: MembersTable;
  runs: RunsTable;
  run_items: RunItemsTable;
  notifications: NotificationsTable;
  audit_events: AuditEventsTable;
  audit_heads: AuditHeadsTable;
  policies: PoliciesTable;
  snapshot_contents: SnapshotContentsTable;
  snapshots: SnapshotsTable;
  content_references: ContentReferencesTable;
  backup_sets: BackupSetsTable;
  backup_set_types: BackupSetTypesTable;
  backup_set_items: BackupSetItemsTable;
  backup_schedules: BackupSchedulesTable;
  archives: ArchivesTable;
  archive_chunks: ArchiveChunksTable;
  directory_groups: DirectoryGroupsTable;
  restore_items: RestoreItemsTable;
  restore_references: RestoreReferencesTable;
  restored_objects: RestoredObjectsTable;
  graph_writes: GraphWritesTable;
}

export type TenantRow = Selectable<TenantsTable>;
export type MemberRow = Selectable<MembersTable>;
export type RunRow = Selectable<RunsTable>;
export type RunItemRow = Selectable<RunItemsTable>;
export type NotificationRow = Selectable<NotificationsTable>;
export type AuditEventRow = Selectable<AuditEventsTable>;
export type AuditHeadRow = Selectable<AuditHeadsTable>;
export type PolicyRow = Selectable<PoliciesTable>;
export type BackupSetRow = Selectable<BackupSetsTable>;
export type ArchiveRow = Selectable<ArchivesTable>;
export type ScheduleRow = Selectable<BackupSchedulesTable>;
export type BackupScheduleRow = ScheduleRow & { readonly selection: BackupSelection };
export type DriftScheduleRow = ScheduleRow & { readonly backup_set_id: string };
export type SnapshotRow = Selectable<SnapshotsTable>;
export type DirectoryGroupRow = Selectable<DirectoryGroupsTable>;
export type RestoreItemRow = Selectable<RestoreItemsTable>;
export type GraphWriteRow = Selectable<GraphWritesTable>;
