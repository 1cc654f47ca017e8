import type { OperationType } from './operation.ts';
import { type ParametersOf, parametersOf } from './run-parameters.ts';

/** A finished run, as far as a rerun depends on it. */
export interface PastRun {
  readonly operationType: OperationType;
  readonly targetId: string | null;
  /** The column of its row. */
  readonly parameters: unknown;
}

/** A failed item of a finished run. */
export interface FailedItem {
  readonly policyType: string;
  readonly policyId: string | null;
  readonly backupItemId: string | null;
}

/** An import has no rerun: its zip is deleted when its run ends. */
export type RepeatableOperation = Exclude<OperationType, 'policies.import'>;

/** One more start of an operation; it goes through the checks of the first start. */
export interface Repetition<O extends RepeatableOperation> {
  readonly operation: O;
  readonly targetId: string | null;
  readonly parameters: ParametersOf<O>;
}

export type Rerun =
  | { readonly [O in RepeatableOperation]: Repetition<O> }[RepeatableOperation]
  /** A refusal and its reason. */
  | { readonly operation: null; readonly why: string };

/** The same run once more. @throws ZodError for a row of unknown form. */
export function rerunOf({ operationType, targetId, parameters }: PastRun): Rerun {
  if (operationType === 'policies.import') {
    return refuse('The zip of an import is deleted when its run ends. Send it again.');
  }
  return {
    ...{ operation: operationType, targetId },
    parameters: parametersOf(operationType, parameters),
  } as Rerun;
}

/**
 * A run over the failed items of another one; the same run once more if its operation has a single target.
 * @throws ZodError for a row of unknown form.
 */
export function rerunOfFailed(run: PastRun, failed: readonly FailedItem[]): Rerun {
  if (failed.length === 0) return refuse('Nothing of the run has failed.');
  const { operationType, parameters } = run;
  switch (operationType) {
    case 'inventory.sync': {
      const types = failed.map(({ policyType }) => policyType);
      return { operation: operationType, targetId: null, parameters: { types } };
    }
    case 'backup_set.create':
    case 'backup_set.add_policies':
    case 'backup_schedule.run':
      return captureFailed(run, parametersOf(operationType, parameters), failed);
    case 'restore.preview':
    case 'restore.execute':
      return restoreFailed(run, operationType, failed);
    default:
      return rerunOf(run);
  }
}

const refuse = (why: string): Rerun => ({ operation: null, why });

/** Captures the failed policies into the same set. */
function captureFailed(
  { targetId }: PastRun,
  { includeFoundations }: { readonly includeFoundations: boolean | undefined },
  failed: readonly FailedItem[],
): Rerun {
  const policyIds = failed.flatMap(({ policyId }) => policyId ?? []);
  if (policyIds.length === 0) {
    return refuse('Only lists of whole types have failed. Start the whole run again.');
  }
  return {
    ...{ operation: 'backup_set.add_policies', targetId },
    parameters: { policyIds, includeFoundations },
  };
}

function restoreFailed(
  { targetId, parameters: row }: PastRun,
  operation: 'restore.preview' | 'restore.execute',
  failed: readonly FailedItem[],
): Rerun {
  const itemIds = failed.flatMap(({ backupItemId }) => backupItemId ?? []);
  if (itemIds.length === 0) return refuse('No item of the set has failed.');
  // The failed run has changed the tenant since its preview, so the preview is outdated.
  const parameters = { ...parametersOf(operation, row), itemIds, previewRunId: undefined };
  return { operation, targetId, parameters };
}
