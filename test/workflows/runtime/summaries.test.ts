import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { captureSnapshot, executeRestore } from '#domain/run/run-requests.ts';
import { initiator, type Kernel, startKernel } from '#test/support/kernel.ts';
import { readItems, untilEnded } from '#test/support/runs.ts';
import { backUp } from '#test/workflows/support/backups.ts';
import { addCatalogPolicy, addCustomer } from '#test/workflows/support/customer.ts';
import { setFaults } from '#test/workflows/support/graph-calls.ts';
import { historyOf, historyText } from '#test/workflows/support/history.ts';
import { backedUpCustomer, deleteFirst } from '#test/workflows/support/restorable.ts';
import { restoredBy, startOnSet } from '#test/workflows/support/restores.ts';

let kernel: Kernel;
beforeAll(async () => {
  kernel = await startKernel();
});
afterEach(() => setFaults(kernel, []));
afterAll(() => kernel.stop());

/** The activities of a history in their order, each with its summary as the Web UI shows it. */
async function timelineOf(run: { idempotency_key: string }): Promise<string[]> {
  const { events } = await historyOf(kernel, run);
  return (events ?? []).flatMap((event) => {
    const name = event.activityTaskScheduledEventAttributes?.activityType?.name;
    if (typeof name !== 'string') return [];
    const data = event.userMetadata?.summary?.data;
    const summary = data ? (JSON.parse(Buffer.from(data).toString('utf8')) as string) : '';
    return [`${name} ${summary}`.trim()];
  });
}

describe('the timeline of a run in the Web UI', () => {
  it('names the item of an activity and the code of a failure', async () => {
    const tenantId = await addCustomer(kernel);
    const { policyId } = await addCatalogPolicy(kernel, tenantId);
    await setFaults(kernel, [{ match: { tenant: tenantId }, times: 1, effect: { status: 403 } }]);
    const { run } = await kernel.runs.start(captureSnapshot(tenantId, policyId), initiator);
    await untilEnded(kernel.database, run);
    const [item] = await readItems(kernel.database, run);
    const named = `settingsCatalogPolicy ${item?.item_id}`;
    expect(await timelineOf(run)).toEqual([
      'beginRun',
      `capturePolicy ${named}`,
      `failRunItem ${named}: graph_forbidden`,
      'finishRun completed',
    ]);
  });

  it('names the parts and the item ranges of a backup', async () => {
    const customer = await backedUpCustomer(kernel, 3);
    const { run } = await backUp(kernel, customer.tenantId, { full: true });
    const timeline = await timelineOf(run);
    expect(timeline).toEqual(
      expect.arrayContaining(['planBackup intune', 'planBackup identity', 'finishRun completed']),
    );
    expect(timeline.filter((line) => line.startsWith('captureItems'))).toEqual([
      'captureItems items 0 to 2',
    ]);
  });

  // Catches: a summary with a display name, which a history must not hold.
  it('names the items of a restore by number, and no policy', async () => {
    const customer = await backedUpCustomer(kernel, 3);
    await deleteFirst(kernel, customer, 3);
    const { tenantId, backupSetId } = customer;
    const run = await startOnSet(kernel, executeRestore(tenantId, { backupSetId }));
    const { items } = await restoredBy(kernel, run);
    const timeline = await timelineOf(run);
    expect(timeline).toContain('planItems items 0 to 2');
    expect(timeline.filter((line) => line.startsWith('restoreItem')).toSorted()).toEqual([
      'restoreItem item 0',
      'restoreItem item 1',
      'restoreItem item 2',
    ]);
    const text = historyText(await historyOf(kernel, run));
    for (const item of items) expect(text).not.toContain(item.display_name);
  });
});
