import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { inTenant } from '#db/database.ts';
import { recordItemOutcome } from '#db/run/run-items.ts';
import { setWorkflowRunId, transitionRun } from '#db/run/runs.ts';
import { failure } from '#domain/run/failure.ts';
import { idempotencyKey } from '#domain/run/idempotency-key.ts';
import { captureSnapshot } from '#domain/run/run-requests.ts';
import { DispatchFailedError } from '#temporal/run/run-starter.ts';
import { type ApiUnderTest, startApi } from '#test/api/support/api-under-test.ts';
import {
  addRoleHolders,
  buildTenant,
  document,
  mintPersonas,
  type Persona,
  principalOf,
  tenantA,
  tenantB,
  type TenantWorld,
} from '#test/api/support/world.ts';

let api: ApiUnderTest;
let tokens: Record<Persona, string>;
let a: TenantWorld;

const env = {
  TEMPORAL_UI_URL: 'http://127.0.0.1:8233/',
  TEMPORAL_NAMESPACE: 'a space',
  PUBLIC_URL: 'https://tenantry.example/',
};

beforeAll(async () => {
  api = await startApi({ env });
  [a] = [await buildTenant(api, tenantA), await buildTenant(api, tenantB)];
  await addRoleHolders(api, tenantA);
  tokens = await mintPersonas(api);
});
afterAll(() => api.stop());

const runs = `/api/v1/tenants/${tenantA}/runs`;
const post = (path: string, body?: unknown, token = tokens.manager) =>
  api.request(path, { method: 'POST', token, ...(body === undefined ? {} : { body }) });

describe('a run', () => {
  // Catches: a missing or renamed member of the contract's Run, or a member from another column.
  it('run has the members of the contract, from queued to its end', async () => {
    const { db } = api.database.app;
    const key = idempotencyKey(captureSnapshot(tenantA, a.policyId));
    const self = `${runs}/${a.runId}`;
    const queued = {
      id: a.runId,
      tenantId: tenantA,
      operationType: 'policy.capture_snapshot',
      target: { type: 'policy', id: a.policyId },
      parameters: { policyId: a.policyId },
      idempotencyKey: key,
      status: 'queued',
      counts: { total: 1, pending: 1, succeeded: 0, failed: 0, skipped: 0 },
      progress: null,
      initiator: { id: principalOf('owner'), displayName: 'The Owner' },
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      startedAt: null,
      finishedAt: null,
      error: null,
      workflow: {
        workflowId: key,
        runId: null,
        url: `http://127.0.0.1:8233/namespaces/a%20space/workflows/${key}`,
      },
      links: {
        self,
        items: `${self}/items`,
        console: `https://tenantry.example/#/tenants/${tenantA}/runs/${a.runId}`,
      },
    };
    expect((await api.request(self, { token: tokens.reader })).json).toEqual(queued);
    await inTenant(db, tenantA, async (trx) => {
      await transitionRun(trx, a.runId, 'running');
      await setWorkflowRunId(trx, a.runId, 'wf-run-1');
    });
    expect((await api.request(self, { token: tokens.reader })).json).toEqual({
      ...queued,
      status: 'running',
      startedAt: expect.any(String),
      progress: { phase: expect.any(String), message: '0 of 1 items done' },
      workflow: {
        workflowId: key,
        runId: 'wf-run-1',
        url: `${queued.workflow.url}/wf-run-1/history`,
      },
    });
    const error = failure('graph_forbidden', { requestId: 'r-1' });
    await inTenant(db, tenantA, async (trx) => {
      await recordItemOutcome(trx, a.runId, a.itemId, { outcome: 'failed', error });
      await transitionRun(trx, a.runId, 'failed', error);
    });
    expect((await api.request(self, { token: tokens.reader })).json).toMatchObject({
      status: 'failed',
      counts: { total: 1, pending: 0, succeeded: 0, failed: 1, skipped: 0 },
      progress: null,
      finishedAt: expect.any(String),
      error,
    });
    expect((await api.request(`${self}/items`, { token: tokens.reader })).json).toEqual({
      items: [
        {
          itemId: a.itemId,
          backupItemId: null,
          policyId: a.policyId,
          policyType: 'settingsCatalogPolicy',
          displayName: 'Disk encryption',
          action: 'capture',
          outcome: 'failed',
          error,
          graphId: 'g-1',
          warnings: [],
          attempts: 0,
          startedAt: null,
          finishedAt: expect.any(String),
        },
      ],
      nextCursor: null,
    });
    const { items } = (await api.request('/api/v1/notifications', { token: tokens.owner }))
      .json as { items: { kind: string; error: unknown; links: object }[] };
    expect(items.map(({ kind }) => kind)).toEqual(['run.failed', 'run.running', 'run.queued']);
    expect(items[0]).toMatchObject({
      error: { code: 'graph_forbidden', context: { requestId: 'r-1' } },
      links: { run: self },
    });
  });

  // Catches: success for a cancel request after the end.
  it('cancel is refused for a finished run and idempotent for an active one', async () => {
    expect((await post(`${runs}/${a.runId}/cancel`)).json).toMatchObject({
      status: 409,
      code: 'conflict',
    });
    const { json } = await post(`/api/v1/tenants/${tenantA}/inventory-syncs`, {
      types: ['remediation'],
    });
    const { id } = (json as { run: { id: string } }).run;
    for (let time = 0; time < 2; time += 1) {
      const answer = await post(`${runs}/${id}/cancel`, {});
      expect([answer.status, answer.headers.get('location')]).toEqual([202, `${runs}/${id}`]);
      expect(answer.json).toMatchObject({ id, status: 'queued' });
    }
  });
});

describe('a start', () => {
  // Catches: a key over the caller's unsorted list of types, and a second run for an equal request.
  it('start answers 202 with the run, and joins an equal active one', async () => {
    const path = `/api/v1/tenants/${tenantA}/inventory-syncs`;
    const first = await post(path, { types: ['scopeTag', 'assignmentFilter'] });
    const { run } = first.json as { run: { id: string; initiator: object } };
    expect([first.status, first.headers.get('location')]).toEqual([202, `${runs}/${run.id}`]);
    expect(first.json).toMatchObject({
      reused: false,
      run: { operationType: 'inventory.sync', target: null, status: 'queued' },
    });
    expect(run.initiator).toEqual({ id: principalOf('manager'), displayName: 'Somebody' });
    const second = await post(
      path,
      { types: ['assignmentFilter', 'scopeTag', 'scopeTag'] },
      tokens.operator,
    );
    expect(second.json).toMatchObject({ reused: true, run: { id: run.id } });
    expect((await post(path, {})).json).toMatchObject({ reused: false });
    expect((await post(path)).json).toMatchObject({ reused: true });
  });

  // Catches: a 500 or a 202 for a run without a workflow.
  it('start without Temporal answers 503 with the id of the failed run', async () => {
    const runId = randomUUID();
    const lost = await startApi({
      deps: {
        runs: {
          start: async () => {
            throw new DispatchFailedError(runId);
          },
          cancel: async () => undefined,
        },
      },
    });
    try {
      const world = await buildTenant(lost, tenantA);
      await addRoleHolders(lost, tenantA);
      const path = `/api/v1/tenants/${tenantA}/policies/${world.policyId}/captures`;
      const answer = await lost.request(path, {
        method: 'POST',
        token: (await mintPersonas(lost)).owner,
      });
      expect([answer.status, answer.json]).toEqual([
        503,
        expect.objectContaining({ code: 'dispatch_failed', runId }),
      ]);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    } finally {
      await lost.stop();
    }
  });

  // Catches: a capture that no worker can carry out.
  it('start of a capture is refused for a type without capture', async () => {
    const id = randomUUID();
    const { db } = api.database.owner;
    await sql`insert into policies (tenant_id, id, policy_type, graph_id, display_name, present, last_seen_at)
      values (${tenantA}, ${id}, 'retiredType', 'g-9', 'Old', true, now())`.execute(db);
    const answer = await post(`/api/v1/tenants/${tenantA}/policies/${id}/captures`, {});
    expect([answer.status, answer.json]).toEqual([
      409,
      expect.objectContaining({ code: 'conflict' }),
    ]);
    await db.deleteFrom('policies').where('id', '=', id).execute();
  });
});

describe('a snapshot', () => {
  const path = () => `/api/v1/tenants/${tenantA}/snapshots/${a.snapshotId}`;

  // Catches: parsed and rewritten content (numbers, keys, escapes and spaces change), or another hash.
  it('snapshot has its content byte for byte, with the hash of this text', async () => {
    const { text, json } = await api.request(path(), { token: tokens.reader });
    expect(text.endsWith(`,"content":${document}}`)).toBe(true);
    expect(json).toMatchObject({
      id: a.snapshotId,
      policyId: a.policyId,
      runId: a.runId,
      graphId: 'g-1',
      complete: true,
      sha256: createHash('sha256').update(document).digest('hex'),
      bytes: Buffer.byteLength(document),
    });
    const listed = await api.request(
      `/api/v1/tenants/${tenantA}/policies/${a.policyId}/snapshots`,
      { token: tokens.reader },
    );
    expect(listed.text).not.toContain('content');
    expect((listed.json as { items: object[] }).items[0]).toMatchObject({ id: a.snapshotId });
  });

  // Catches: damaged content shown as captured.
  it('snapshot that is damaged or sealed for another tenant is a problem document', async () => {
    const { db } = api.database.owner;
    const damage = [
      sql`update snapshot_contents set ciphertext = set_byte(ciphertext, 3, get_byte(ciphertext, 3) # 1) where tenant_id = ${tenantA}`,
      sql`update snapshot_contents set ciphertext = (select ciphertext from snapshot_contents where tenant_id = ${tenantB}),
        nonce = (select nonce from snapshot_contents where tenant_id = ${tenantB}) where tenant_id = ${tenantA}`,
      sql`update snapshot_contents set key_id = 'gone' where tenant_id = ${tenantA}`,
    ];
    for (const statement of damage) {
      await statement.execute(db);
      const answer = await api.request(path(), { token: tokens.reader });
      expect([answer.status, answer.json]).toEqual([
        500,
        expect.objectContaining({ code: 'snapshot_corrupt' }),
      ]);
      expect(answer.text).not.toContain('g-1');
    }
  });
});
