import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { initiator, type Kernel, simulate, startKernel } from '#test/support/kernel.ts';
import { until } from '#test/support/until.ts';
import { group, targetsOf, to } from '#test/workflows/support/assigned-policies.ts';
import { backUp, callsDuring } from '#test/workflows/support/backups.ts';
import { addCustomer, deleteObject, seed } from '#test/workflows/support/customer.ts';
import * as estate from '#test/workflows/support/estate.ts';
import { historyOf, historyText, largestPayload } from '#test/workflows/support/history.ts';
import { storedAt } from '#test/workflows/support/restorable.ts';
import { preview, type Restored, restore, tally } from '#test/workflows/support/restores.ts';
import {
  bundleWithShortHistories,
  countExecutions,
} from '#test/workflows/support/short-histories.ts';

/** The budget of the design: events per written item and per run. */
const eventsPerItem = 8;
const eventsOfRun = 60;
const payloadBytesMax = 16 * 1024;

let kernel: Kernel;
afterAll(() => kernel.stop());

async function start(bundle?: { code: string }): Promise<void> {
  kernel = await startKernel({ workers: bundle === undefined });
  if (bundle !== undefined) await kernel.startWorkers(bundle);
  const unlimited = { requests: 1e6, writes: 1e6, conditionalAccess: 1e6 };
  await simulate(kernel.simulatorUrl, 'PUT', '/throttle', unlimited);
}

/** Makes a customer that has lost its backed-up objects: this many filters, and a policy for each. */
async function customerWithoutAnything(pairs: number, secret: { name: string; value: string }) {
  const tenantId = await addCustomer(kernel);
  const people = group(`${secret.name} group`);
  const filters = Array.from({ length: pairs }, (_, at) =>
    estate.filter(`${secret.name} filter ${at}`),
  );
  const policies = filters.map(({ body: { id } }, at) => {
    const { path, body } = estate.catalogPolicy(`${secret.name} ${at}`, secret.value);
    return { path, body: { ...body, assignments: [to.group(people.body.id, id)] } };
  });
  const lost = [...filters, ...policies];
  await seed(kernel, tenantId, [people, ...lost]);
  const { backupSetId } = await backUp(kernel, tenantId, { name: 'Canary set 19c2' });
  for (const { path, body } of [...policies, ...filters]) {
    await deleteObject(kernel, tenantId, path, body.id);
  }
  return { tenantId, backupSetId, sourceIds: lost.map(({ body }) => body.id) };
}

describe('the history of a restore', () => {
  beforeAll(() => start());

  const secret = { name: 'Canary name 5b1e', value: 'canary-value-77aa' };

  async function expectSmall({ run }: Restored, sourceIds: readonly string[], budget: number) {
    await kernel.client.workflow.getHandle(run.idempotency_key).result();
    const history = await historyOf(kernel, run);
    expect(history.events?.length).toBeLessThanOrEqual(budget);
    expect(largestPayload(history)).toBeLessThanOrEqual(payloadBytesMax);
    const text = historyText(history);
    expect(text).toContain(run.id);
    const words = [secret.name, secret.value, 'Canary set', initiator.displayName];
    for (const word of [...words, 'eyJ', 'Bearer', ...sourceIds]) expect(text).not.toContain(word);
  }

  // Catches: more than one activity per item, plans or names in arguments and results, words of Graph in failures.
  it.each([24, 100])('stays within its budget for %i written items', async (count) => {
    const { tenantId, backupSetId, sourceIds } = await customerWithoutAnything(count / 2, secret);
    const shown = await preview(kernel, tenantId, { backupSetId });
    expect(tally(shown)).toEqual({ 'create succeeded': count });
    // Planning only: twenty items per activity.
    await expectSmall(shown, sourceIds, eventsOfRun);
    const restored = await restore(kernel, tenantId, { backupSetId });
    expect(tally(restored)).toEqual({ 'create succeeded': count });
    await expectSmall(restored, sourceIds, eventsPerItem * count + eventsOfRun);
  });

  // Catches: a failure that quotes a request or an answer.
  it('holds only the code of a refused write', async () => {
    const { tenantId, backupSetId, sourceIds } = await customerWithoutAnything(1, secret);
    const match = { tenant: tenantId, method: 'POST' };
    await simulate(kernel.simulatorUrl, 'PUT', '/faults', [{ match, effect: { status: 400 } }]);
    const restored = await restore(kernel, tenantId, { backupSetId });
    await simulate(kernel.simulatorUrl, 'PUT', '/faults', []);
    expect(tally(restored)).toEqual({
      'create failed graph_bad_request': 1,
      'create failed dependency_failed': 1,
    });
    await expectSmall(restored, sourceIds, eventsPerItem * 2 + eventsOfRun);
  });
});

describe('a restore too long for one history', () => {
  beforeAll(async () => {
    await kernel.stop();
    await start(await bundleWithShortHistories());
  });

  // Catches: items planned or written twice, left out, or written before their references, between two executions.
  it('continues as new and writes each item once', async () => {
    const pairs = 20;
    const name = `Policy ${randomUUID()}`;
    const lost = await customerWithoutAnything(pairs, { name, value: 'on' });
    const { tenantId, backupSetId } = lost;
    const { result, calls } = await callsDuring(kernel, tenantId, () =>
      restore(kernel, tenantId, { backupSetId }),
    );
    expect(tally(result)).toEqual({ 'create succeeded': pairs * 2 });
    await until('executions are listed', async () => {
      return (await countExecutions(kernel, result.run)) > 2;
    });
    const made = calls.filter(({ method, path }) => method === 'POST' && !path.endsWith('/assign'));
    expect(made).toHaveLength(pairs * 2);
    const filters = await storedAt(kernel, tenantId, estate.paths.filters);
    const policies = await storedAt(kernel, tenantId);
    expect([filters.length, policies.length]).toEqual([pairs, pairs]);
    expect(policies.filter((policy) => targetsOf(policy).length !== 1)).toEqual([]);
    const named = JSON.stringify(policies);
    expect(filters.filter(({ id }) => !named.includes(id))).toEqual([]);
  });
});
