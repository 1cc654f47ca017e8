import { Worker } from '@temporalio/worker';

type Histories = Parameters<typeof Worker.runReplayHistories>[1];

export interface Replayed {
  readonly workflowId: string;
  readonly runId: string;
  /** Why the code does not do what the history says; undefined when it does. */
  readonly error: Error | undefined;
}

/** Replays histories against a bundle, one after the other, and yields what came of each. Needs no server. */
export async function* replayHistories(
  workflowBundle: { code: string } | { codePath: string },
  histories: Histories,
): AsyncGenerator<Replayed, void, void> {
  const results = Worker.runReplayHistories({ workflowBundle }, histories);
  for await (const { workflowId, runId, error } of results) yield { workflowId, runId, error };
}
