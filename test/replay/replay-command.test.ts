import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { captureSnapshot, inventorySync, type RunRequest } from '#domain/run/run-requests.ts';
import { initiator, type Kernel, startKernel } from '#test/support/kernel.ts';
import { untilEnded } from '#test/support/runs.ts';
import { until } from '#test/support/until.ts';
import { addCatalogPolicy, addCustomer } from '#test/workflows/support/customer.ts';

const command = fileURLToPath(new URL('../../tools/replay.ts', import.meta.url));
const changedWorkflows = fileURLToPath(new URL('./fixtures/changed-workflows.ts', import.meta.url));

let kernel: Kernel;
beforeAll(async () => {
  kernel = await startKernel({ workers: false });
});
afterAll(() => kernel.stop());

/** Runs `npm run replay -- <args>` against the kernel's Temporal. */
function replay(...args: string[]): Promise<{ code: number; output: string }> {
  const env = { ...process.env, NODE_OPTIONS: '', TEMPORAL_ADDRESS: kernel.temporal.address };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [command, ...args], { env }, (_error, stdout) => {
      resolve({ code: child.exitCode ?? -1, output: stdout });
    });
  });
}

/** Runs work on workers of its own, and stops them before it returns. */
async function carryOut(work: RunRequest, bundle?: { code: string }): Promise<void> {
  const workers = await kernel.startWorkers(bundle);
  const { run } = await kernel.runs.start(work, initiator);
  await untilEnded(kernel.database, run);
  await kernel.client.workflow.getHandle(run.idempotency_key).result();
  for (const worker of workers) worker.shutdown();
  await until('the workers have stopped', async () =>
    workers.every((worker) => worker.getState() === 'STOPPED'),
  );
}

describe('npm run replay', () => {
  it('replays the committed histories', async () => {
    const { code, output } = await replay();
    expect(output).toMatch(/\n\d+ replayed, 0 broken\n$/);
    expect(code).toBe(0);
  });

  // Catches: an exit code that hides the result of the replay.
  it('replays histories of a live namespace, and fails if they do not fit this checkout', async () => {
    const tenantId = await addCustomer(kernel);
    const { policyId } = await addCatalogPolicy(kernel, tenantId);
    await carryOut(captureSnapshot(tenantId, policyId));
    const logger = new DefaultLogger('ERROR', () => undefined);
    const changed = await bundleWorkflowCode({ workflowsPath: changedWorkflows, logger });
    await carryOut(inventorySync(tenantId, ['scopeTag']), changed);

    const fitting = await replay('--query', 'WorkflowType = "capturePolicySnapshot"');
    expect(fitting.output).toMatch(/\n1 replayed, 0 broken\n$/);
    expect(fitting.code).toBe(0);
    const all = await replay('--namespace', 'default');
    expect(all.output).toMatch(/\n2 replayed, 1 broken\n$/);
    expect(all.output).toContain('DeterminismViolationError');
    expect(all.code).toBe(1);
  });
});
