import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { captureSnapshot } from '#domain/run/run-requests.ts';
import { DispatchFailedError } from '#temporal/run/run-starter.ts';
import {
  addPolicy,
  initiator,
  type Kernel,
  registerTenant,
  startKernel,
} from '#test/support/kernel.ts';
import { readNotificationKinds, readRun } from '#test/support/runs.ts';

/** The limit of an answer to a start, whatever Temporal does. */
const answeredWithinMs = 10_000;
const tenantId = '3d8fb3d4-54c5-4a0e-8d54-0f8f4c0f2a11';

let kernel: Kernel;
beforeAll(async () => {
  kernel = await startKernel({ workers: false });
});
afterAll(() => kernel.stop());

describe('a start while Temporal is down', () => {
  // Catches: a start that hangs as long as gRPC retries, and a row left queued for the reconciler.
  it('fails at once for the caller and in the row, and frees the key', async () => {
    await registerTenant(kernel.database, tenantId);
    const policy = { type: 'settingsCatalogPolicy', graphId: 'some-policy' };
    const work = captureSnapshot(tenantId, await addPolicy(kernel.database, tenantId, policy));
    kernel.temporal.kill('SIGKILL');
    await kernel.temporal.exited;
    const began = Date.now();
    // Two parallel starts: the second joins the run and must not report success.
    const answers = await Promise.allSettled([
      kernel.runs.start(work, initiator),
      kernel.runs.start(work, initiator),
    ]);
    expect(Date.now() - began).toBeLessThan(answeredWithinMs);
    const errors = answers.flatMap((answer) =>
      answer.status === 'rejected' ? [answer.reason as unknown] : [],
    );
    expect(errors[0]).toBeInstanceOf(DispatchFailedError);
    const { runId } = errors[0] as DispatchFailedError;
    const run = { tenant_id: tenantId, id: runId };
    expect(await readRun(kernel.database, run)).toMatchObject({
      status: 'failed',
      error_code: 'dispatch_failed',
    });
    expect(await readNotificationKinds(kernel.database, run)).toEqual(['run.queued', 'run.failed']);
  });
});
