import {
  CancellationScope,
  ContinueAsNew,
  defineSignal,
  isCancellation,
  makeContinueAsNewFunc,
  type SearchAttributes,
  type SearchAttributeValue,
  setCurrentDetails,
  setHandler,
  TemporalFailure,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { BegunRun, RunEnding } from '#domain/run/activity-types.ts';
import { type RunInput, type RunProgress, runRequestedSignal } from '#domain/run/run-input.ts';
import type { RunMemo } from '#domain/run/run-memo.ts';
import { runState } from './activity-options.ts';
import { failureOf } from './failure-of.ts';

const runRequested = defineSignal<[RunInput]>(runRequestedSignal);

/**
 * The life of every run's workflow: begin, do the work, write down how it ended, whatever happens.
 *
 * The row of a run ends a moment before its workflow closes, and a new start in that moment reaches this dying
 * execution. It brings the new run's id with its signal, and Temporal does not let a workflow complete over a
 * signal that it has not seen; so whoever was handed another run continues as new with it.
 *
 * @param work returns how far it has come where its history grows too long; then the same run continues as new there.
 */
export async function executeRun(
  input: RunInput,
  work: (run: BegunRun) => Promise<RunProgress | void>,
): Promise<void> {
  const handed = [...(input.handed ?? [])];
  setHandler(runRequested, ({ runId, tenantId }) => {
    const known = runId === input.runId || handed.some((other) => other.runId === runId);
    if (!known) handed.push({ runId, tenantId });
  });
  let refusal: unknown;
  try {
    const resume = await liveOneRun(input, work);
    if (resume !== undefined) await continueWith(input, { ...input, resume }, handed);
  } catch (error) {
    if (error instanceof ContinueAsNew) throw error;
    if (handed.length === 0) throw error;
    refusal = error;
  }
  const next = handed.shift();
  if (next !== undefined) await continueWith(input, next, handed);
  if (refusal !== undefined) throw refusal;
}

/** @returns how far the run has come, where it is not at its end. */
async function liveOneRun(
  input: RunInput,
  work: (run: BegunRun) => Promise<RunProgress | void>,
): Promise<RunProgress | undefined> {
  // A cancel request that comes first must not leave the row queued: begin and finish are not cancellable.
  const run = await CancellationScope.nonCancellable(() =>
    runState().beginRun({ runId: input.runId, tenantId: input.tenantId }),
  );
  if (run === null) return undefined;
  if (workflowInfo().continuedFromExecutionRunId !== undefined) {
    upsertSearchAttributes({ Initiator: [run.initiatorId] });
  }
  const ending = run.cancelRequested ? ({ kind: 'canceled' } as const) : await endingOf(run, work);
  if (ending.kind === 'unfinished') return ending.progress;
  setCurrentDetails(`Run \`${input.runId}\`: ${ending.kind}.`);
  await CancellationScope.nonCancellable(() =>
    runState(ending.kind).finishRun({ runId: input.runId, ending }),
  );
  return undefined;
}

async function endingOf(
  run: BegunRun,
  work: (run: BegunRun) => Promise<RunProgress | void>,
): Promise<RunEnding | { readonly kind: 'unfinished'; readonly progress: RunProgress }> {
  try {
    const progress = await work(run);
    if (progress === undefined) return { kind: 'completed' };
    // A cancellation at this moment has found nothing in flight, and the next execution would not know of it.
    if (CancellationScope.current().consideredCancelled) return { kind: 'canceled' };
    return { kind: 'unfinished', progress };
  } catch (error) {
    if (isCancellation(error)) return { kind: 'canceled' };
    // A mistake in our own code blocks the workflow task, visibly, until a worker with the mended code takes it.
    if (!(error instanceof TemporalFailure)) throw error;
    return { kind: 'failed', failure: failureOf(error) };
  }
}

/** The attributes of this execution, with the ids of the next run wherever this run's stand. */
function searchAttributesFor(input: RunInput, next: RunInput): SearchAttributes {
  const replaced = new Map([
    [input.runId, next.runId],
    [input.tenantId, next.tenantId],
  ]);
  const attributes = Object.entries(workflowInfo().searchAttributes);
  return Object.fromEntries(
    attributes.map(([name, values]) => [
      name,
      values?.map((value) => replaced.get(String(value)) ?? value) as SearchAttributeValue,
    ]),
  );
}

async function continueWith(
  input: RunInput,
  next: RunInput,
  others: readonly RunInput[],
): Promise<void> {
  const memo: RunMemo = { runId: next.runId };
  const continueAsNew = makeContinueAsNewFunc<(input: RunInput) => Promise<void>>({
    memo: { ...memo },
    searchAttributes: searchAttributesFor(input, next),
  });
  const { handed: _former, ...rest } = next;
  await continueAsNew(others.length === 0 ? rest : { ...rest, handed: others });
}
