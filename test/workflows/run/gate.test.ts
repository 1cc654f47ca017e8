import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type DatabasePool, inTenant, openDatabase } from '#db/database.ts';
import { captureSnapshot } from '#domain/run/run-requests.ts';
import { createRunStarter } from '#temporal/run/run-starter.ts';
import { connectTo, initiator, type Kernel, silentLog, startKernel } from '#test/support/kernel.ts';
import { readNotificationKinds, untilEnded } from '#test/support/runs.ts';
import { until } from '#test/support/until.ts';
import { addCatalogPolicy, addCustomer } from '#test/workflows/support/customer.ts';

const startsAtOnce = 200;

let kernel: Kernel;
let otherPool: DatabasePool;
beforeAll(async () => {
  kernel = await startKernel({ workers: false });
  otherPool = openDatabase({
    url: kernel.database.url,
    role: 'tenantry_app',
    poolSize: 10,
    onError: () => undefined,
  });
});
afterAll(async () => {
  await otherPool[Symbol.asyncDispose]();
  await kernel.stop();
});

async function executionsOf(workflowId: string): Promise<number> {
  let executions = 0;
  const query = `WorkflowId = "${workflowId}"`;
  for await (const _ of kernel.client.workflow.list({ query })) executions += 1;
  return executions;
}

describe('the gate', () => {
  // Catches: a missing unique index, a check before the insert, or REJECT_DUPLICATE for the second start.
  it('admits one of 200 parallel starts, and the others join its run', async () => {
    const tenantId = await addCustomer(kernel);
    const { policyId } = await addCatalogPolicy(kernel, tenantId);
    const work = captureSnapshot(tenantId, policyId);
    const temporal = connectTo(kernel.temporal.address);
    // Another API process has a pool of its own.
    const otherRuns = createRunStarter({ db: otherPool.db, temporal, log: silentLog });
    const answers = await Promise.all(
      Array.from({ length: startsAtOnce }, (_, index) =>
        (index % 2 === 0 ? kernel.runs : otherRuns).start(work, initiator),
      ),
    );
    await temporal.client.connection.close();
    expect(new Set(answers.map(({ run }) => run.id)).size).toBe(1);
    expect(answers.filter(({ reused }) => !reused)).toHaveLength(1);
    const rows = await inTenant(kernel.database.app.db, tenantId, (trx) =>
      trx.selectFrom('runs').selectAll().execute(),
    );
    expect(rows).toHaveLength(1);

    const [{ run: first }] = answers as [(typeof answers)[number]];
    await kernel.startWorkers();
    expect(await untilEnded(kernel.database, first)).toMatchObject({ status: 'succeeded' });
    const handle = kernel.client.workflow.getHandle(first.idempotency_key);
    await handle.result();
    const { runId: firstExecution } = await handle.describe();
    expect(await readNotificationKinds(kernel.database, first)).toHaveLength(3);
    // The list lags a little.
    const listed = await until('the execution is listed', async () => {
      const executions = await executionsOf(first.idempotency_key);
      return executions > 0 && executions;
    });
    expect(listed).toBe(1);

    const again = await kernel.runs.start(work, initiator);
    expect(again.reused).toBe(false);
    expect(again.run.id).not.toBe(first.id);
    const second = await untilEnded(kernel.database, again.run);
    expect(second).toMatchObject({ status: 'succeeded', idempotency_key: first.idempotency_key });
    expect(second.workflow_run_id).not.toBe(firstExecution);
  });
});
