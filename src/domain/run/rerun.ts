import { z } from 'zod';
import type { OperationType } from './operation.ts';
import {
  type BackupRequest,
  type BackupSelection,
  type ExportFormat,
  exportFormats,
  type RestoreRequest,
} from './work.ts';

/** A run that has ended, as far as another one is made of it. */
export interface PastRun {
  readonly operationType: OperationType;
  readonly targetId: string | null;
  /** As its row keeps them. */
  readonly parameters: unknown;
}

/** An item of it that has failed. */
export interface FailedItem {
  readonly policyType: string;
  readonly policyId: string | null;
  readonly backupItemId: string | null;
}

/** What is to be started; each start has its own checks. */
export type Rerun =
  | { readonly operation: 'inventory.sync'; readonly types: readonly string[] | undefined }
  | { readonly operation: 'directory.sync' }
  | { readonly operation: 'policy.capture_snapshot'; readonly policyId: string }
  | { readonly operation: 'backup_set.create'; readonly request: BackupRequest }
  | {
      readonly operation: 'backup_set.add_policies';
      readonly backupSetId: string;
      readonly policyIds: readonly string[];
      readonly includeFoundations: boolean | undefined;
    }
  | {
      readonly operation: 'backup_schedule.run';
      readonly scheduleId: string;
      readonly selection: BackupSelection;
    }
  | {
      readonly operation: 'policies.export';
      readonly backupSetId: string;
      readonly format: ExportFormat;
    }
  | { readonly operation: 'restore.preview'; readonly request: RestoreRequest }
  | {
      readonly operation: 'restore.execute';
      readonly request: RestoreRequest & { readonly previewRunId?: string | undefined };
    }
  | { readonly operation: 'restore.undo'; readonly runId: string; readonly deleteCreated: boolean }
  | { readonly operation: 'drift.check'; readonly backupSetId: string }
  /** There is nothing to start; a sentence says why. */
  | { readonly operation: null; readonly why: string };

/** Takes a run that has ended and returns the same once more. Throws where its row is none of ours. */
export function rerunOf(run: PastRun): Rerun {
  return whole[run.operationType](run);
}

/**
 * Takes a run that has ended and what of it has failed, and returns a run over just that; the same once more where its
 * operation has a single target. Throws where its row is none of ours.
 */
export function rerunOfFailed(run: PastRun, failed: readonly FailedItem[]): Rerun {
  if (failed.length === 0) return { operation: null, why: 'Nothing of the run has failed.' };
  return (narrowed[run.operationType] ?? whole[run.operationType])(run, failed);
}

const text = z.string();
/** Absent parameters are null in rows, and left out by whoever asks for a run. */
const orNothing = <S extends z.ZodType>(schema: S) =>
  schema.nullish().transform((value) => value ?? undefined);

const selectionShape = {
  policyIds: orNothing(z.array(text)),
  types: orNothing(z.array(text)),
  all: orNothing(z.literal(true)),
};
const flag = orNothing(z.boolean());
const schemas = {
  sync: z.object({ types: orNothing(z.array(text)) }),
  capture: z.object({ policyId: text }),
  backup: z.object({
    ...{ name: text, ...selectionShape },
    ...{ includeFoundations: flag, includeAssignments: flag, full: flag },
  }),
  addition: z.object({ policyIds: z.array(text), includeFoundations: flag }),
  foundations: z.object({ includeFoundations: flag }),
  firing: z.object({ scheduleId: text, ...selectionShape }),
  export: z.object({ format: z.enum(exportFormats) }),
  restore: z.object({
    ...{ backupSetId: text, sourceTenantId: orNothing(text), itemIds: orNothing(z.array(text)) },
    groupMapping: orNothing(z.record(text, text)),
    previewRunId: orNothing(text),
    allowBroadAssignments: flag,
    conditionalAccessState: orNothing(z.literal('asBackedUp')),
  }),
  undo: z.object({ runId: text, deleteCreated: z.boolean() }),
  drift: z.object({ backupSetId: text }),
};

type Whole = (run: PastRun) => Rerun;

const whole: Record<OperationType, Whole> = {
  'inventory.sync': ({ parameters }) => ({
    operation: 'inventory.sync',
    types: schemas.sync.parse(parameters).types,
  }),
  'directory.sync': () => ({ operation: 'directory.sync' }),
  'policy.capture_snapshot': ({ parameters }) => ({
    operation: 'policy.capture_snapshot',
    policyId: schemas.capture.parse(parameters).policyId,
  }),
  'backup_set.create': ({ parameters }) => ({
    operation: 'backup_set.create',
    request: schemas.backup.parse(parameters),
  }),
  'backup_set.add_policies': (run) => ({
    ...{ operation: 'backup_set.add_policies', backupSetId: text.parse(run.targetId) },
    ...schemas.addition.parse(run.parameters),
  }),
  'backup_schedule.run': ({ parameters }) => {
    const { scheduleId, ...selection } = schemas.firing.parse(parameters);
    return { operation: 'backup_schedule.run', scheduleId, selection };
  },
  'policies.export': ({ parameters, targetId }) => ({
    ...{ operation: 'policies.export', backupSetId: text.parse(targetId) },
    format: schemas.export.parse(parameters).format,
  }),
  'policies.import': () => ({
    operation: null,
    why: 'What was sent is kept no longer than its import runs. Send it again.',
  }),
  'restore.preview': ({ parameters }) => {
    const { previewRunId: _none, ...request } = schemas.restore.parse(parameters);
    return { operation: 'restore.preview', request };
  },
  'restore.execute': ({ parameters }) => ({
    operation: 'restore.execute',
    request: schemas.restore.parse(parameters),
  }),
  'restore.undo': ({ parameters }) => ({
    operation: 'restore.undo',
    ...schemas.undo.parse(parameters),
  }),
  'drift.check': ({ parameters }) => ({
    operation: 'drift.check',
    backupSetId: schemas.drift.parse(parameters).backupSetId,
  }),
};

type Narrowed = (run: PastRun, failed: readonly FailedItem[]) => Rerun;

/** What could not be captured, into the same set. */
const captureFailed: Narrowed = ({ parameters, targetId }, failed) => {
  const policyIds = failed.flatMap(({ policyId }) => policyId ?? []);
  if (policyIds.length === 0) {
    const why = 'What has failed are lists of whole types. Start the run anew as a whole.';
    return { operation: null, why };
  }
  const { includeFoundations } = schemas.foundations.parse(parameters);
  const backupSetId = text.parse(targetId);
  return { operation: 'backup_set.add_policies', backupSetId, policyIds, includeFoundations };
};

const restoreFailed = (
  { parameters }: PastRun,
  failed: readonly FailedItem[],
): RestoreRequest | null => {
  // The failed run has changed what its preview saw: to be carried out exactly is no longer possible.
  const { previewRunId: _stale, ...request } = schemas.restore.parse(parameters);
  const itemIds = failed.flatMap(({ backupItemId }) => backupItemId ?? []);
  return itemIds.length === 0 ? null : { ...request, itemIds };
};

const nothingOfSet: Rerun = { operation: null, why: 'No item of the set has failed.' };

/** The operations over many items; the others have one, or one that stands for all. */
const narrowed: Partial<Record<OperationType, Narrowed>> = {
  'inventory.sync': (_run, failed) => ({
    operation: 'inventory.sync',
    types: failed.map(({ policyType }) => policyType),
  }),
  'backup_set.create': captureFailed,
  'backup_set.add_policies': captureFailed,
  'backup_schedule.run': captureFailed,
  'restore.preview': (run, failed) => {
    const request = restoreFailed(run, failed);
    return request === null ? nothingOfSet : { operation: 'restore.preview', request };
  },
  'restore.execute': (run, failed) => {
    const request = restoreFailed(run, failed);
    return request === null ? nothingOfSet : { operation: 'restore.execute', request };
  },
};
