/** A run in the API, as far as the demo reads it. */
export interface Run {
  id: string;
  operationType: string;
  status: 'queued' | 'running' | 'succeeded' | 'partial' | 'failed' | 'canceled';
  target: { type: string; id: string } | null;
  progress: { phase: string; message: string } | null;
  error: { code: string; message: string } | null;
  workflow: { workflowId: string; runId: string | null; url: string };
}

/** An object of a run. */
export interface RunItem {
  policyType: string;
  displayName: string;
  action: string;
  outcome: string;
  error: { code: string; message: string } | null;
}

/** A policy of the tenant's inventory. */
export interface Policy {
  id: string;
  policyType: string;
  displayName: string;
  present: boolean;
  lastSnapshotId: string | null;
}

/** A backup set with the types of its manifest. */
export interface BackupSet {
  id: string;
  name: string;
  itemCount: number;
  manifest: {
    complete: boolean;
    types: {
      type: string;
      listed: number;
      captured: number;
      failed: number;
      forbidden: number;
      unsupported: number;
      builtIn: number;
    }[];
  };
}

/** A finished run with its items. */
export interface FinishedRun {
  run: Run;
  items: RunItem[];
}

/** A policy in a backup set. */
export interface BackupItem {
  backupItemId: string;
  policyType: string;
  displayName: string;
  graphId: string;
}

/** A policy type with its path in Graph. */
export interface PolicyTypeEntry {
  type: string;
  collection: string;
}

/** A preview with its planned changes. */
export interface Preview {
  runId: string;
  status: string;
  items: {
    policyType: string;
    displayName: string;
    action: 'create' | 'update' | 'none' | 'blocked' | 'delete';
    changes: { path: string }[];
    blockedBy: { code: string } | null;
  }[];
}
