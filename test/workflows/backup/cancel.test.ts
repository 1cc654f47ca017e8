import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import type { RunRow } from '#db/tables.ts';
import { startBackup } from '#test/support/backups.ts';
import { type Kernel, startKernel } from '#test/support/kernel.ts';
import { readItems, readRun, untilEnded } from '#test/support/runs.ts';
import { until } from '#test/support/until.ts';
import {
  addToSet,
  backUp,
  backupOf,
  inventory,
  ofType,
  readBackupSet,
} from '#test/workflows/support/backups.ts';
import { addCustomer, seed } from '#test/workflows/support/customer.ts';
import * as estate from '#test/workflows/support/estate.ts';
import { failRowBehindItsWorkflow } from '#test/workflows/support/foreign-hand.ts';
import { graphCalls, setFaults } from '#test/workflows/support/graph-calls.ts';
import {
  bundleWithShortHistories,
  countExecutions,
} from '#test/workflows/support/short-histories.ts';

/** The items of five activities. */
const policies = 100;

let kernel: Kernel;
beforeAll(async () => {
  kernel = await startKernel({ workers: false });
  await kernel.startWorkers(await bundleWithShortHistories());
});
afterEach(() => setFaults(kernel, []));
afterAll(() => kernel.stop());

async function customerWith(objects: readonly estate.SeedObject[]): Promise<string> {
  const tenantId = await addCustomer(kernel);
  await seed(kernel, tenantId, objects);
  return tenantId;
}

const captures = 'configurationPolicies/';
const catalogOnly = { types: ['settingsCatalogPolicy'] };

function delay(tenantId: string, path: string, delayMs: number): Promise<void> {
  return setFaults(kernel, [{ match: { tenant: tenantId, path }, effect: { delayMs } }]);
}

function untilCalled(tenantId: string, path: string) {
  return until('Graph is called', async () =>
    (await graphCalls(kernel, tenantId)).some((call) => call.path.includes(path)),
  );
}

function untilCaptured(run: RunRow, count: number) {
  return until('items are captured', async () => {
    const { succeeded } = await readRun(kernel.database, run);
    return succeeded >= count;
  });
}

describe('a backup too long for one history', () => {
  // Catches: items captured twice or left out between two executions.
  it('continues as new and captures each item once', async () => {
    const tenantId = await customerWith(estate.catalogPolicies(policies));
    const { run, manifest, items } = await backUp(kernel, tenantId, catalogOnly);
    expect(run).toMatchObject({ status: 'succeeded', total: policies, succeeded: policies });
    expect(manifest.complete).toBe(true);
    expect(new Set(items.map(({ attempts }) => attempts))).toEqual(new Set([1]));
    await until('executions are listed', async () => (await countExecutions(kernel, run)) > 1);
    const calls = await graphCalls(kernel, tenantId);
    const read = calls.map(({ path }) => path).filter((path) => path.includes(captures));
    expect([read.length, new Set(read).size]).toEqual([policies, policies]);
  });

  // Catches: a lost request between the last task of one execution and the first of the next.
  it('ends as canceled after a cancel request between two executions', async () => {
    const tenantId = await customerWith(estate.catalogPolicies(policies));
    await delay(tenantId, captures, 300);
    const { run } = await startBackup(kernel, tenantId, catalogOnly);
    await untilCalled(tenantId, captures);
    // If the execution is gone, a request reaches only the row.
    await sql`update runs set cancel_requested_at = now() where id = ${run.id}`.execute(
      kernel.database.owner.db,
    );
    const ended = await untilEnded(kernel.database, run);
    expect(ended.status).toBe('canceled');
    expect(ended.succeeded).toBeLessThan(policies);
    expect(ended.succeeded + ended.skipped).toBe(policies);
  });

  // Catches: a run handed to one execution and forgotten by the next.
  it('hands a run over to the next execution', async () => {
    const tenantId = await customerWith(estate.catalogPolicies(policies));
    await delay(tenantId, captures, 300);
    const { run: first } = await startBackup(kernel, tenantId, catalogOnly);
    await untilCalled(tenantId, captures);
    await failRowBehindItsWorkflow(kernel.database, first);
    await setFaults(kernel, []);
    const second = await startBackup(kernel, tenantId, catalogOnly);
    expect(second.reused).toBe(false);
    const { run, manifest } = await backupOf(kernel, second.run);
    expect(run).toMatchObject({ status: 'succeeded', total: policies });
    expect(manifest.complete).toBe(true);
    expect(run.target_id).not.toBe(first.target_id);
  });
});

describe('a cancelled backup', () => {
  // Catches: items left pending, lost captures, a complete manifest despite skipped items.
  it('keeps its captures and names the missing items, if cancelled while capturing', async () => {
    const tenantId = await customerWith(estate.catalogPolicies(policies));
    // Some activities have ended before the reads of the others hang.
    const match = { tenant: tenantId, path: captures };
    await setFaults(kernel, [
      { match, times: 40, effect: { delayMs: 0 } },
      { match, effect: { delayMs: 2_000 } },
    ]);
    const { run: started } = await startBackup(kernel, tenantId, catalogOnly);
    await untilCaptured(started, 20);
    await kernel.runs.cancel(tenantId, started.id);
    const { run, items, manifest, held } = await backupOf(kernel, started);
    expect(run).toMatchObject({ status: 'canceled', total: policies, failed: 0 });
    const outcomes = items.map(({ outcome }) => outcome);
    const captured = outcomes.filter((outcome) => outcome === 'succeeded').length;
    expect(outcomes.filter((outcome) => outcome === 'skipped')).toHaveLength(policies - captured);
    expect([run.succeeded, held.length]).toEqual([captured, captured]);
    expect(manifest.complete).toBe(false);
    const failed = policies - captured;
    expect(ofType({ manifest }, 'settingsCatalogPolicy')).toEqual({
      ...{ listed: policies, captured, failed },
    });
    // Work in flight ends later, and must not change anything.
    await sleep(2_500);
    expect(await readRun(kernel.database, run)).toEqual(run);
    expect(await readItems(kernel.database, run)).toEqual(items);
  });

  // Catches: a set marked complete because it does not know its missing items, and a listing that adds items to an
  // ended run.
  it('is incomplete and gets no further items, if cancelled while listing', async () => {
    const tenantId = await customerWith([...estate.catalogPolicies(3), estate.filter('A filter')]);
    await delay(tenantId, 'configurationPolicies$', 2_000);
    const types = ['assignmentFilter', 'settingsCatalogPolicy'];
    const { run: started } = await startBackup(kernel, tenantId, { types });
    await untilCalled(tenantId, 'configurationPolicies');
    await kernel.runs.cancel(tenantId, started.id);
    const { run, manifest, backupSetId } = await backupOf(kernel, started);
    expect(run.status).toBe('canceled');
    expect(manifest.complete).toBe(false);
    expect(ofType({ manifest }, 'settingsCatalogPolicy')).toEqual({ failed: 1 });
    await sleep(2_500);
    expect(await readRun(kernel.database, run)).toEqual(run);
    const items = await readItems(kernel.database, run);
    expect(items.filter(({ outcome }) => outcome === 'pending')).toEqual([]);
    expect((await readBackupSet(kernel, tenantId, backupSetId)).manifest).toEqual(manifest);
  });

  // Catches: a set that an addition makes complete although its first request never arrived.
  it.each(['while it lists', 'before it begins'])(
    '%s stays incomplete whatever is added',
    async (moment) => {
      const tenantId = await customerWith([
        ...estate.catalogPolicies(1),
        estate.filter('A filter'),
      ]);
      await backUp(kernel, tenantId, catalogOnly);
      await delay(tenantId, 'assignmentFilters$', 2_000);
      const { run } = await startBackup(kernel, tenantId, { types: ['assignmentFilter'] });
      if (moment === 'while it lists') await untilCalled(tenantId, 'assignmentFilters');
      await kernel.runs.cancel(tenantId, run.id);
      const cut = await backupOf(kernel, run);
      await setFaults(kernel, []);
      const policyIds = (await inventory(kernel, tenantId))
        .filter((policy) => policy.policy_type === 'settingsCatalogPolicy')
        .map(({ id }) => id);
      const added = await addToSet(kernel, tenantId, cut.backupSetId, { policyIds });
      expect(added.run.status).toBe('succeeded');
      expect(added.manifest.complete).toBe(false);
      expect(ofType(added, 'assignmentFilter')).toEqual({ failed: 1 });
    },
  );
});
