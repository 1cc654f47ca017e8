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
 * The frame of every run's workflow: begin, do the work, record the end.
 *
 * The row of a run ends a moment before its workflow closes. A new start in this moment reaches the closing execution;
 * its signal carries the id of the new run. Temporal does not complete a workflow over an undelivered signal, so the
 * execution learns of the new run and continues as new with it.
 * @param work returns its progress when the history grows too long; then the same run continues as new from there.
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

/** @returns the progress of a run that is not at its end. */
async function liveOneRun(
  input: RunInput,
  work: (run: BegunRun) => Promise<RunProgress | void>,
): Promise<RunProgress | undefined> {
  // An early cancel request must not leave the row queued: begin and finish are not cancellable.
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
    // A cancellation at this moment found no activity in flight, and the next execution would not see it.
    if (CancellationScope.current().consideredCancelled) return { kind: 'canceled' };
    return { kind: 'unfinished', progress };
  } catch (error) {
    if (isCancellation(error)) return { kind: 'canceled' };
    // A bug fails the workflow task, visibly, until a worker with mended code retries it.
    if (!(error instanceof TemporalFailure)) throw error;
    return { kind: 'failed', failure: failureOf(error) };
  }
}

/** Returns the search attributes of this execution, with the ids of the next run instead of this run's. */
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
