import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { inTenant } from '#db/database.ts';
import { findRunById } from '#db/run/runs.ts';
import { upsertMember } from '#db/tenant/members.ts';
import { syncDirectory } from '#domain/run/run-requests.ts';
import { type ApiUnderTest, startApi } from '#test/api/support/api-under-test.ts';
import { homeTenantId } from '#test/api/support/tokens.ts';
import { initiator, type Kernel, startKernel } from '#test/support/kernel.ts';
import { readItems, untilEnded } from '#test/support/runs.ts';
import { addCustomer, seed } from '#test/workflows/support/customer.ts';

const oid = '00000000-0000-4000-8000-000000000003';

let kernel: Kernel;
let api: ApiUnderTest;
beforeAll(async () => {
  kernel = await startKernel();
  api = await startApi({ deps: { db: kernel.database.app.db, runs: kernel.runs } });
});
afterAll(async () => {
  await api.stop();
  await kernel.stop();
});

describe('count of groups', () => {
  it('starts over HTTP, ends, and runs again with the same parameters', async () => {
    const tenantId = await addCustomer(kernel);
    await inTenant(kernel.database.app.db, tenantId, (trx) =>
      upsertMember(trx, {
        principal_id: `${homeTenantId}:${oid}`,
        ...{ kind: 'user', display_name: 'M', role: 'manager' },
      }),
    );
    const bodies = ['Pilot', 'Sales'].map((displayName) => ({
      path: '/groups',
      body: { displayName },
    }));
    await seed(kernel, tenantId, bodies);
    const { run: synced } = await kernel.runs.start(syncDirectory(tenantId), initiator);
    await untilEnded(kernel.database, synced);
    const token = await api.mint.user(oid);
    const start = async (path: string, body: object) => {
      const answer = await api.request(`/api/v1/tenants/${tenantId}${path}`, {
        ...{ method: 'POST', token, body },
      });
      expect(answer).toMatchObject({ status: 202, json: { reused: false } });
      const { run } = answer.json as { run: { id: string } };
      const row = await inTenant(kernel.database.app.db, tenantId, (trx) =>
        findRunById(trx, run.id),
      );
      if (row === undefined) throw new Error('no run');
      return untilEnded(kernel.database, row);
    };
    const run = await start('/directory-counts', { nameContains: 'pil' });
    expect(run).toMatchObject({
      ...{ status: 'succeeded', total: 1, operation_type: 'directory.count' },
      parameters: { nameContains: 'pil' },
    });
    expect(await readItems(kernel.database, run)).toMatchObject([{ display_name: 'Pilot' }]);
    const again = await start(`/runs/${run.id}/reruns`, {});
    expect(again).toMatchObject({ status: 'succeeded', idempotency_key: run.idempotency_key });
  });
});
