import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { runsTaskQueue } from '#domain/run/task-queues.ts';
import { startBackup } from '#test/support/backups.ts';
import { type Kernel, startKernel } from '#test/support/kernel.ts';
import { readItems, untilEnded } from '#test/support/runs.ts';
import { addCatalogPolicy, addCustomer } from '#test/workflows/support/customer.ts';
import { type Manager, startManager } from '#test/workflows/support/manager.ts';

let kernel: Kernel;
let manager: Manager;
beforeAll(async () => {
  kernel = await startKernel();
  manager = await startManager(kernel);
});
afterAll(async () => {
  await manager.stop();
  await kernel.stop();
});

interface Item {
  readonly displayName: string;
  readonly sha256: string;
  readonly snapshotId: string;
  readonly warnings: { code: string }[];
}

async function backUp(tenantId: string): Promise<string> {
  const { run, backupSetId } = await startBackup(kernel, tenantId, {
    types: ['settingsCatalogPolicy'],
  });
  expect(await untilEnded(kernel.database, run)).toMatchObject({ status: 'succeeded' });
  return backupSetId;
}

async function readSet(tenantId: string, id: string) {
  const set = await manager.send('GET', tenantId, `/backup-sets/${id}`);
  const items = await manager.send('GET', tenantId, `/backup-sets/${id}/items`);
  return {
    complete: (set.json as { manifest: { complete: boolean } }).manifest.complete,
    items: (items.json as { items: Item[] }).items,
  };
}

/** Flips a bit of a stored content, as a disk may. */
async function damage(tenantId: string, { sha256 }: Item): Promise<void> {
  await sql`
    update snapshot_contents set ciphertext = set_byte(ciphertext, 3, get_byte(ciphertext, 3) # 1)
    where tenant_id = ${tenantId} and sha256 = ${Buffer.from(sha256, 'hex')}`.execute(
    kernel.database.owner.db,
  );
}

/** Runs one verification. */
function verify(): Promise<unknown> {
  const workflowId = `verify-${randomUUID()}`;
  return kernel.client.workflow.execute('verifySnapshots', {
    workflowId,
    taskQueue: runsTaskQueue,
  });
}

describe('a verification', () => {
  // Catches: damage found only by a restore, a damaged set that stays complete, an incremental backup that reuses the
  // damaged content, and a new capture that is not stored.
  it('finds a damaged content, marks its set incomplete, and the next backup repairs it', async () => {
    const tenantId = await addCustomer(kernel);
    await manager.join(tenantId);
    for (const displayName of ['Sound', 'Rotten']) {
      await addCatalogPolicy(kernel, tenantId, { displayName, settingValue: displayName });
    }
    const setId = await backUp(tenantId);
    const before = await readSet(tenantId, setId);
    const rotten = before.items.find((item) => item.displayName === 'Rotten');
    if (rotten === undefined) throw new Error('no such item');
    await verify();
    expect(await readSet(tenantId, setId)).toEqual(before);

    await damage(tenantId, rotten);
    await verify();
    const after = await readSet(tenantId, setId);
    expect([before.complete, after.complete]).toEqual([true, false]);
    const warned = after.items.map(({ displayName, warnings }) => [
      displayName,
      warnings.map(({ code }) => code),
    ]);
    expect(Object.fromEntries(warned)).toEqual({ Sound: [], Rotten: ['snapshot_corrupt'] });
    const list = await manager.send('GET', tenantId, '/backup-sets');
    expect(list.json).toMatchObject({ items: [{ manifest: { complete: false } }] });
    const verified = await kernel.database.owner.db
      .selectFrom('snapshot_contents')
      .select(['verified_at', 'damaged_at'])
      .where('tenant_id', '=', tenantId)
      .execute();
    expect(verified.filter((row) => row.verified_at === null)).toEqual([]);
    expect(verified.filter((row) => row.damaged_at !== null)).toHaveLength(1);

    const next = await backUp(tenantId);
    for (const id of [setId, next]) {
      const { complete, items } = await readSet(tenantId, id);
      expect([complete, items.flatMap(({ warnings }) => warnings)]).toEqual([true, []]);
    }
    const snapshot = await manager.send('GET', tenantId, `/snapshots/${rotten.snapshotId}`);
    expect(snapshot.status).toBe(200);
    await verify();
    expect((await readSet(tenantId, setId)).complete).toBe(true);
  });

  // Catches: an incremental backup that reads sound policies because another one is damaged.
  it('makes the next backup read only the damaged policies again', async () => {
    const tenantId = await addCustomer(kernel);
    await manager.join(tenantId);
    for (const settingValue of ['1', '2', '3']) {
      await addCatalogPolicy(kernel, tenantId, { settingValue });
    }
    const setId = await backUp(tenantId);
    const [item] = (await readSet(tenantId, setId)).items;
    if (item === undefined) throw new Error('the set is empty');
    await damage(tenantId, item);
    await verify();
    const { run } = await startBackup(kernel, tenantId, { types: ['settingsCatalogPolicy'] });
    await untilEnded(kernel.database, run);
    const attempts = (await readItems(kernel.database, run)).map((each) => each.attempts);
    expect(attempts.sort()).toEqual([0, 0, 1]);
  });
});
