import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { captureSnapshot } from '#domain/run/run-requests.ts';
import { initiator, type Kernel, startKernel } from '#test/support/kernel.ts';
import { readRun, untilEnded } from '#test/support/runs.ts';
import { until } from '#test/support/until.ts';
import { addCatalogPolicy, addCustomer } from '#test/workflows/support/customer.ts';
import { attributesOf, historyOf } from '#test/workflows/support/history.ts';

/** Temporal retries a blocked task after its time limit of 10 s and growing pauses. */
const mendedWithinSeconds = 40;

let kernel: Kernel;
beforeAll(async () => {
  kernel = await startKernel({ workers: false });
});
afterAll(() => kernel.stop());

describe('a bug in a workflow', () => {
  // Catches: `failureExceptionTypes: [Error]` or a catch-all: one bad release would fail every open run.
  it('blocks the run until mended code takes over, and fails no item', async () => {
    const tenantId = await addCustomer(kernel);
    const { policyId } = await addCatalogPolicy(kernel, tenantId);
    const broken = await kernel.startWorkers(
      await bundleWorkflowCode({
        workflowsPath: fileURLToPath(new URL('../fixtures/has-a-bug.ts', import.meta.url)),
        logger: new DefaultLogger('ERROR', () => undefined),
      }),
    );
    const { run } = await kernel.runs.start(captureSnapshot(tenantId, policyId), initiator);
    const [failed] = await until('a workflow task fails', async () => {
      const history = await historyOf(kernel, run);
      const tasks = attributesOf(history, 'workflowTaskFailedEventAttributes');
      return tasks.length > 0 && tasks;
    });
    expect(failed?.failure?.message).toBe('undefined is not a function');
    expect(await readRun(kernel.database, run)).toMatchObject({ status: 'running' });

    for (const worker of broken) worker.shutdown();
    await kernel.startWorkers();
    const ended = await untilEnded(kernel.database, run, mendedWithinSeconds);
    expect(ended).toMatchObject({ status: 'succeeded' });
  });
});
