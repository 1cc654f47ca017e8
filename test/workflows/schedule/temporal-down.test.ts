import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { rowCounts } from '#test/api/support/row-counts.ts';
import { type Kernel, startKernel } from '#test/support/kernel.ts';
import { addCustomer } from '#test/workflows/support/customer.ts';
import { type Manager, startManager } from '#test/workflows/support/manager.ts';

/** The limit of an answer to a change, whatever Temporal does. */
const answeredWithinMs = 8_000;

let kernel: Kernel;
let manager: Manager;
beforeAll(async () => {
  kernel = await startKernel({ workers: false });
  manager = await startManager(kernel);
});
afterAll(async () => {
  await manager.stop();
  await kernel.stop();
});

describe('a change of a schedule while Temporal is down', () => {
  // Catches: a row without its schedule, or changed without it; a request that hangs; a 500.
  it('is refused, and the row stays as it was', async () => {
    const tenantId = await addCustomer(kernel);
    await manager.join(tenantId);
    const body = { name: 'Nightly', cron: '0 2 * * *', selection: { all: true } };
    const made = await manager.send('POST', tenantId, '/backup-schedules', body);
    const { id } = made.json as { id: string };
    kernel.temporal.kill('SIGKILL');
    await kernel.temporal.exited;
    const before = await rowCounts(kernel.database);
    const path = `/backup-schedules/${id}`;
    const began = Date.now();
    const answers = await Promise.all([
      manager.send('POST', tenantId, '/backup-schedules', body),
      manager.send('PUT', tenantId, path, { ...body, name: 'Changed' }),
    ]);
    expect(Date.now() - began).toBeLessThan(answeredWithinMs);
    answers.push(await manager.send('POST', tenantId, `${path}/pause`));
    answers.push(await manager.send('DELETE', tenantId, path));
    for (const answer of answers) {
      expect([answer.status, answer.json]).toMatchObject([503, { code: 'unavailable' }]);
      expect(answer.headers.get('retry-after')).not.toBeNull();
    }
    expect(await rowCounts(kernel.database)).toEqual(before);
    // A trigger is a start: its run holds the failure.
    const triggered = await manager.send('POST', tenantId, `${path}/trigger`);
    expect([triggered.status, triggered.json]).toMatchObject([503, { code: 'dispatch_failed' }]);
    const read = await manager.send('GET', tenantId, path);
    expect(read.json).toMatchObject({ name: 'Nightly', lastRun: { status: 'failed' } });
  });
});
