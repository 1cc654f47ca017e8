import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { operations } from '#domain/run/operation.ts';
import { scenarios } from '#test/replay/support/scenarios.ts';
import { testBundle } from '#test/support/kernel.ts';
import { quietRuntime } from '#test/support/quiet-runtime.ts';
import * as workflows from '#workflows/index.ts';
import { type CommittedHistory, readCommittedHistories } from '../../tools/committed-histories.ts';
import { type Replayed, replayHistories } from '../../tools/replay-histories.ts';

let committed: CommittedHistory[];
beforeAll(async () => {
  quietRuntime();
  committed = await readCommittedHistories();
});

async function replay(
  bundle: Parameters<typeof replayHistories>[0],
  histories: readonly CommittedHistory[],
): Promise<Replayed[]> {
  const given = histories.map(({ workflowId, history }) => ({ workflowId, history }));
  const results: Replayed[] = [];
  for await (const result of replayHistories(bundle, given)) results.push(result);
  return results;
}

function historyOfCase(workflowType: string, scenario: string): CommittedHistory {
  const found = committed.find(
    (each) =>
      each.before === null && each.workflowType === workflowType && each.scenario === scenario,
  );
  if (found === undefined) throw new Error(`no history ${workflowType}/${scenario}`);
  return found;
}

describe('the committed histories', () => {
  // Catches: a change of a workflow that would block open executions at its release.
  it('replay on the workflows of this checkout', async () => {
    const results = await replay(testBundle(), committed);
    expect(results.filter(({ error }) => error !== undefined)).toEqual([]);
    expect(results).toHaveLength(committed.length);
  });

  it('cover every scenario of every workflow', () => {
    const present = committed.filter(({ before }) => before === null);
    const names = present.map((each) => `${each.workflowType}/${each.scenario}`).toSorted();
    const wanted = Object.entries(scenarios).flatMap(([workflowType, ways]) =>
      Object.keys(ways).map((scenario) => `${workflowType}/${scenario}`),
    );
    expect(names).toEqual(wanted.toSorted());
    expect(Object.keys(scenarios).toSorted()).toEqual(Object.keys(workflows).toSorted());
  });

  // Catches: a recording that would publish its machine and its user.
  it('contain no trace of the recording machine', () => {
    expect(JSON.stringify(committed)).not.toMatch(/\/(work|root|home|tmp|Users)\b|\.ts:\d/);
  });
});

describe('the workflow bundle', () => {
  it('has the workflow type of every operation', () => {
    expect(Object.keys(workflows)).toEqual(
      expect.arrayContaining(Object.values(operations).map(({ workflowType }) => workflowType)),
    );
  });
});

describe('a replay', () => {
  // Catches: a replay that cannot fail, because it replays no history or swallows the errors.
  it.each([
    ['capturePolicySnapshot', 'happy'],
    ['capturePolicySnapshot', 'handed-over'],
    ['inventorySync', 'happy'],
  ])('fails for %s %s if the workflows have changed', async (workflowType, scenario) => {
    const workflowsPath = fileURLToPath(
      new URL('./fixtures/changed-workflows.ts', import.meta.url),
    );
    const logger = new DefaultLogger('ERROR', () => undefined);
    const bundle = await bundleWorkflowCode({ workflowsPath, logger });
    const [result] = await replay(bundle, [historyOfCase(workflowType, scenario)]);
    expect(result?.error?.name).toBe('DeterminismViolationError');
  });
});
