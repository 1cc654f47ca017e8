import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { WorkflowFailedError } from '@temporalio/client';
import type { RunInput } from '#domain/run/run-input.ts';
import { runsTaskQueue } from '#domain/run/task-queues.ts';
import { captureSnapshot } from '#domain/run/run-requests.ts';
import { type Kernel, startKernel } from '#test/support/kernel.ts';
import { readItems, readNotificationKinds, readRun } from '#test/support/runs.ts';
import { addCatalogPolicy, addCustomer } from '#test/workflows/support/customer.ts';
import { insertUndispatchedRun } from '#test/workflows/support/foreign-hand.ts';
import { graphCalls } from '#test/workflows/support/graph-calls.ts';

let kernel: Kernel;
beforeAll(async () => {
  kernel = await startKernel();
});
afterAll(() => kernel.stop());

/** Starts a run's workflow directly in Temporal and returns the type of its failure. */
async function startByHand(workflowId: string, input: RunInput): Promise<string | undefined> {
  const ended = kernel.client.workflow.execute('capturePolicySnapshot', {
    workflowId,
    taskQueue: runsTaskQueue,
    args: [input],
  });
  const error = await ended.then(
    () => undefined,
    (failed: WorkflowFailedError) => failed.cause?.cause,
  );
  return (error as { type?: string } | undefined)?.type;
}

describe('a workflow that a stranger has started', () => {
  async function twoCustomers() {
    const tenantId = await addCustomer(kernel);
    const { policyId } = await addCatalogPolicy(kernel, tenantId);
    const run = await insertUndispatchedRun(kernel.database, captureSnapshot(tenantId, policyId));
    return { tenantId, otherTenantId: await addCustomer(kernel), run };
  }

  // Catches: trust in the tenant of the arguments, so that the work of one tenant happens in another.
  it('fails with tenant_mismatch if it names another tenant', async () => {
    const { tenantId, otherTenantId, run } = await twoCustomers();
    const input = { runId: run.id, tenantId: otherTenantId };
    expect(await startByHand(run.idempotency_key, input)).toBe('tenant_mismatch');
    expect(await readRun(kernel.database, run)).toEqual(run);
    expect(await readItems(kernel.database, run)).toEqual([]);
    expect(await readNotificationKinds(kernel.database, run)).toEqual(['run.queued']);
    expect(await graphCalls(kernel, tenantId)).toEqual([]);
    expect(await graphCalls(kernel, otherTenantId)).toEqual([]);
  });

  // Catches: a second execution of a run beside the one with its key.
  it('fails with workflow_mismatch if its ID is not the key of the run', async () => {
    const { tenantId, run } = await twoCustomers();
    const input = { runId: run.id, tenantId };
    expect(await startByHand(`by-hand-${randomUUID()}`, input)).toBe('workflow_mismatch');
    expect(await readRun(kernel.database, run)).toEqual(run);
    expect(await graphCalls(kernel, tenantId)).toEqual([]);
  });

  // This happens after a restore of the database to a state before the run.
  it('fails with run_not_found for an unknown run', async () => {
    const { tenantId, run } = await twoCustomers();
    const input = { runId: randomUUID(), tenantId };
    expect(await startByHand(run.idempotency_key, input)).toBe('run_not_found');
    expect(await graphCalls(kernel, tenantId)).toEqual([]);
  });
});
