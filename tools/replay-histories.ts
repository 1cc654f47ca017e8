import { Worker } from '@temporalio/worker';

type Histories = Parameters<typeof Worker.runReplayHistories>[1];

export interface Replayed {
  readonly workflowId: string;
  readonly runId: string;
  /** The difference between code and history; undefined if there is none. */
  readonly error: Error | undefined;
}

/** Replays histories against a bundle, one by one, and yields each result. Needs no server. */
export async function* replayHistories(
  workflowBundle: { code: string } | { codePath: string },
  histories: Histories,
): AsyncGenerator<Replayed, void, void> {
  const results = Worker.runReplayHistories({ workflowBundle }, histories);
  for await (const { workflowId, runId, error } of results) yield { workflowId, runId, error };
}
