import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { inTenant } from '#db/database.ts';
import { findPolicyById } from '#db/inventory/policies.ts';
import { findSnapshotById, readSnapshotContent } from '#db/snapshot/snapshots.ts';
import { captureSnapshot } from '#domain/run/run-requests.ts';
import { initiator, type Kernel, startKernel, testCipher } from '#test/support/kernel.ts';
import { readItems, readNotificationKinds, untilEnded } from '#test/support/runs.ts';
import {
  addCatalogPolicy,
  addCustomer,
  catalogPath,
  deleteObject,
} from '#test/workflows/support/customer.ts';
import { graphCalls, setFaults } from '#test/workflows/support/graph-calls.ts';
import {
  attributesOf,
  historyOf,
  historyText,
  largestPayload,
} from '#test/workflows/support/history.ts';

/** The budget of the design for N policies is 0.6 N + 40; this is the budget of one. */
const eventsMax = 40;
const payloadBytesMax = 16 * 1024;

let kernel: Kernel;
beforeAll(async () => {
  kernel = await startKernel();
});
afterEach(() => setFaults(kernel, []));
afterAll(() => kernel.stop());

async function capture(tenantId: string, policyId: string) {
  const { run } = await kernel.runs.start(captureSnapshot(tenantId, policyId), initiator);
  return untilEnded(kernel.database, run);
}

function readPolicy(tenantId: string, policyId: string) {
  return inTenant(kernel.database.app.db, tenantId, (trx) => findPolicyById(trx, policyId));
}

async function readContent(tenantId: string, snapshotId: string): Promise<string> {
  return inTenant(kernel.database.app.db, tenantId, async (trx) => {
    const snapshot = await findSnapshotById(trx, snapshotId);
    return readSnapshotContent(trx, testCipher, snapshot?.sha256 ?? Buffer.alloc(0));
  });
}

const secrets = { displayName: 'Canary name 8f31', settingValue: 'canary-value-c04d' };

describe('a capture', () => {
  // Catches: a capture that ends after the first page of settings (1,000) or assignments (25).
  it('keeps every setting and assignment and writes each row once', async () => {
    const tenantId = await addCustomer(kernel);
    const big = { ...secrets, settings: 1001, assignments: 60 };
    const { policyId } = await addCatalogPolicy(kernel, tenantId, big);
    const run = await capture(tenantId, policyId);
    expect(run).toMatchObject({ status: 'succeeded', total: 1, succeeded: 1, failed: 0 });
    const policy = await readPolicy(tenantId, policyId);
    const document = JSON.parse(await readContent(tenantId, policy?.last_snapshot_id ?? ''));
    expect(document.children.settings).toHaveLength(1001);
    expect(document.assignments).toHaveLength(60);
    expect(await readItems(kernel.database, run)).toMatchObject([
      { outcome: 'succeeded', action: 'capture', attempts: 1, display_name: big.displayName },
    ]);
    expect(await readNotificationKinds(kernel.database, run)).toEqual([
      'run.queued',
      'run.running',
      'run.succeeded',
    ]);
  });

  // Catches: a policy body, a name or a token in an argument, a result or a failure.
  it('leaves a small history that holds ids, counts and codes only', async () => {
    const tenantId = await addCustomer(kernel);
    const { policyId } = await addCatalogPolicy(kernel, tenantId, { ...secrets, settings: 30 });
    const run = await capture(tenantId, policyId);
    const { idempotency_key: workflowId } = run;
    await kernel.client.workflow.getHandle(workflowId).result();
    const history = await historyOf(kernel, run);
    expect(history.events?.length).toBeLessThanOrEqual(eventsMax);
    expect(largestPayload(history)).toBeLessThanOrEqual(payloadBytesMax);
    const text = historyText(history);
    expect(text).toContain(run.id);
    for (const secret of [...Object.values(secrets), initiator.displayName, 'eyJ', 'Bearer']) {
      expect(text).not.toContain(secret);
    }
    const { typedSearchAttributes } = await kernel.client.workflow.getHandle(workflowId).describe();
    const attributes = typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]);
    expect(Object.fromEntries(attributes)).toMatchObject({
      TenantId: tenantId,
      OperationType: 'policy.capture_snapshot',
      Initiator: initiator.id,
    });
  });
});

describe('a capture that Graph throttles', () => {
  // Catches: an ignored Retry-After (the backoff would begin with 1 s), a retry inside the attempt.
  it('retries after Retry-After, with one request an attempt', async () => {
    const tenantId = await addCustomer(kernel);
    const { policyId } = await addCatalogPolicy(kernel, tenantId);
    const throttled = { status: 429, retryAfter: 2 };
    await setFaults(kernel, [{ match: { tenant: tenantId }, times: 2, effect: throttled }]);
    const run = await capture(tenantId, policyId);
    expect(run.status).toBe('succeeded');
    expect(await readItems(kernel.database, run)).toMatchObject([{ attempts: 3 }]);

    const calls = await graphCalls(kernel, tenantId);
    expect(calls.slice(0, 3).map(({ status }) => status)).toEqual([429, 429, 200]);
    const arrivals = calls.map(({ at }) => Date.parse(at));
    expect((arrivals[1] ?? 0) - (arrivals[0] ?? 0)).toBeGreaterThanOrEqual(2_000);
    expect((arrivals[2] ?? 0) - (arrivals[1] ?? 0)).toBeGreaterThanOrEqual(2_000);

    const started = attributesOf(
      await historyOf(kernel, run),
      'activityTaskStartedEventAttributes',
    ).find(({ attempt }) => attempt === 3);
    const reason = started?.lastFailure?.applicationFailureInfo;
    expect(reason?.type).toBe('graph_throttled');
    expect(Number(reason?.nextRetryDelay?.seconds)).toBe(2);
  });
});

describe('a failing capture', () => {
  // Catches: a retry of a permanent answer, a run that forgets the reason of its item.
  it('fails the run with the code of its item', async () => {
    const tenantId = await addCustomer(kernel);
    const { policyId } = await addCatalogPolicy(kernel, tenantId);
    await setFaults(kernel, [{ match: { tenant: tenantId }, effect: { status: 403 } }]);
    const run = await capture(tenantId, policyId);
    const [item] = await readItems(kernel.database, run);
    expect(item).toMatchObject({ outcome: 'failed', error_code: 'graph_forbidden', attempts: 1 });
    expect(item?.error_context).toMatchObject({
      status: 403,
      permission: 'DeviceManagementConfiguration.Read.All',
      requestId: expect.any(String),
    });
    expect(run).toMatchObject({ status: 'failed', error_code: 'graph_forbidden', failed: 1 });
    expect(run.error_context).toMatchObject({ itemId: item?.item_id });
    expect(await graphCalls(kernel, tenantId)).toHaveLength(1);
    expect(await readNotificationKinds(kernel.database, run)).toEqual([
      'run.queued',
      'run.running',
      'run.failed',
    ]);
  });

  // Catches: a deleted policy shown as present for ever.
  it('marks a deleted policy as absent', async () => {
    const tenantId = await addCustomer(kernel);
    const { policyId, graphId } = await addCatalogPolicy(kernel, tenantId);
    await deleteObject(kernel, tenantId, catalogPath, graphId);
    const run = await capture(tenantId, policyId);
    expect(run).toMatchObject({ status: 'failed', error_code: 'policy_gone' });
    expect(await readPolicy(tenantId, policyId)).toMatchObject({
      present: false,
      last_snapshot_id: null,
    });
  });
});
