import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createVerifySnapshots } from '#activities/snapshot/verify-snapshots.ts';
import { callIn } from '#test/activities/support/activity-bench.ts';
import { addNight, type Customer, newCustomer } from '#test/db/support/nights.ts';
import { createTestDatabase, type TestDatabase } from '#test/support/database.ts';
import { testCipher } from '#test/support/kernel.ts';

let database: TestDatabase;
let customers: Customer[];
beforeAll(async () => {
  database = await createTestDatabase();
  const night = { status: 'succeeded', complete: true, daysAgo: 1, contents: [1, 2, 3] } as const;
  customers = [];
  for (let n = 0; n < 3; n += 1) {
    const customer = await newCustomer(database, 3, { keepLast: null, keepDays: null });
    await addNight(database, customer, night);
    customers.push(customer);
  }
  customers.sort((one, other) => (one.tenantId < other.tenantId ? -1 : 1));
});
afterAll(() => database.drop());

/** Runs an attempt that continues an earlier one, and returns its heartbeats, too. */
async function attempt(heartbeatDetails?: unknown) {
  const heartbeats: unknown[] = [];
  const environment = new MockActivityEnvironment({ heartbeatDetails });
  environment.on('heartbeat', (details: unknown) => heartbeats.push(details));
  const verify = createVerifySnapshots({ db: database.app.db, cipher: testCipher });
  return { tally: await callIn(environment, () => verify()), heartbeats };
}

/** Counts the contents of each tenant verified since the last call. */
async function verifiedOfEach(): Promise<number[]> {
  const rows = await database.owner.db
    .updateTable('snapshot_contents')
    .set({ verified_at: null })
    .where('verified_at', 'is not', null)
    .returning('tenant_id')
    .execute();
  return customers.map(({ tenantId }) => rows.filter((row) => row.tenant_id === tenantId).length);
}

async function firstHash({ tenantId }: Customer): Promise<string> {
  const row = await database.owner.db
    .selectFrom('snapshot_contents')
    .select('sha256')
    .where('tenant_id', '=', tenantId)
    .orderBy('sha256')
    .limit(1)
    .executeTakeFirstOrThrow();
  return row.sha256.toString('hex');
}

describe('a round of verification', () => {
  // Catches: a skipped tenant, also one whose contents equal those of another tenant.
  it('reads every content of every tenant', async () => {
    const { tally, heartbeats } = await attempt();
    expect(tally).toEqual({ checked: 9, damaged: 0 });
    expect(await verifiedOfEach()).toEqual([3, 3, 3]);
    expect(heartbeats.length).toBeGreaterThanOrEqual(3);
  });

  // Catches: a round that starts again after each deployment, or skips a tenant when it continues.
  it('continues after the cursor of the attempt before', async () => {
    const [first, second] = customers as [Customer, Customer];
    const within = { tenantId: second.tenantId, sha256: await firstHash(second) };
    const resumed = await attempt({ ...within, checked: 4, damaged: 1 });
    expect(resumed.tally).toEqual({ checked: 9, damaged: 1 });
    expect(await verifiedOfEach()).toEqual([0, 2, 3]);
    const between = { tenantId: first.tenantId, sha256: null, checked: 3, damaged: 0 };
    expect((await attempt(between)).tally).toEqual({ checked: 9, damaged: 0 });
    expect(await verifiedOfEach()).toEqual([0, 3, 3]);
  });
});
