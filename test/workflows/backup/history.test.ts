import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { initiator, type Kernel, startKernel } from '#test/support/kernel.ts';
import { backUp } from '#test/workflows/support/backups.ts';
import { addCustomer, seed } from '#test/workflows/support/customer.ts';
import * as estate from '#test/workflows/support/estate.ts';
import { historyOf, historyText, largestPayload } from '#test/workflows/support/history.ts';

/** The budget of the design: events per policy and per run. */
const eventsPerPolicy = 0.6;
const eventsOfRun = 40;
const payloadBytesMax = 16 * 1024;

let kernel: Kernel;
beforeAll(async () => {
  kernel = await startKernel();
});
afterAll(() => kernel.stop());

const secret = { name: 'Canary name 5b1e', value: 'canary-value-77aa' };

describe('the history of a backup', () => {
  // Catches: one activity per item, item ids in arguments, a body or a name in a result or failure.
  it.each([20, 60, 200])(
    'stays within its budget for %i policies, and holds no content',
    async (count) => {
      const tenantId = await addCustomer(kernel);
      const policies = Array.from({ length: count }, (_, index) =>
        estate.catalogPolicy(`${secret.name} ${index}`, secret.value, { groups: 2 }),
      );
      await seed(kernel, tenantId, policies);
      const name = 'Canary set 19c2';
      const { run, manifest } = await backUp(kernel, tenantId, { name });
      expect([run.status, run.total, manifest.complete]).toEqual(['succeeded', count, true]);
      await kernel.client.workflow.getHandle(run.idempotency_key).result();
      const history = await historyOf(kernel, run);
      expect(history.events?.length).toBeLessThanOrEqual(eventsPerPolicy * count + eventsOfRun);
      expect(largestPayload(history)).toBeLessThanOrEqual(payloadBytesMax);
      const text = historyText(history);
      expect(text).toContain(run.id);
      const words = [secret.name, secret.value, name, initiator.displayName, 'eyJ', 'Bearer'];
      for (const word of words) expect(text).not.toContain(word);
      for (const { body } of policies) expect(text).not.toContain(body.id);
    },
  );
});
