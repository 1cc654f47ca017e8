import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { callOperation, listOperations } from '#test/e2e/support/api-operations.ts';
import type { Notification, Policy } from '#test/e2e/support/api-types.ts';
import { type ApiUser, expectAnswer, wholeList } from '#test/e2e/support/api-user.ts';
import { catalogPolicyText } from '#test/e2e/support/catalog-policy.ts';
import { runToEnd, started, untilEnded } from '#test/e2e/support/follow-run.ts';
import { sendZip } from '#test/e2e/support/send-zip.ts';
import { startStackUnderTest, type StackUnderTest } from '#test/e2e/support/stack-under-test.ts';

const slowTenant = 'Alpine Ski House';
const quickTenant = 'Fabrikam Clinics';
const slowGraphMs = 5_000;
const startsPerTenant = 15;
/** The only operation with an answer from Graph. */
const mayAskGraph = 'searchGroups';
/** Generous, because a busy machine may slow one of the two more; a Graph call in the request would make it 100. */
const medianRatioMax = 3;

let under: StackUnderTest;

beforeAll(async () => {
  under = await startStackUnderTest();
}, 120_000);

afterAll(() => under.stop(), 60_000);

/** Seeds policies and syncs them into the inventory. */
async function policiesOf(user: ApiUser): Promise<Policy[]> {
  const texts = Array.from({ length: startsPerTenant }, (_, at) =>
    catalogPolicyText(`Start ${at}`, { settings: 1, assignments: 1 }),
  );
  const path = '/deviceManagement/configurationPolicies';
  await under.simulator.seed(user.tenantId, path, texts);
  await runToEnd(user, '/tenants/{t}/inventory-syncs', { types: ['settingsCatalogPolicy'] });
  const policies = await wholeList<Policy>(user, '/tenants/{t}/policies');
  return policies.filter(({ displayName }) => displayName.startsWith('Start '));
}

/** Backs types up and restores them again. */
async function restoredBackup(user: ApiUser, types: readonly string[]) {
  const backup = await runToEnd(user, '/tenants/{t}/backup-sets', { name: 'Restored', types });
  const body = { backupSetId: backup.target?.id };
  return {
    preview: await runToEnd(user, '/tenants/{t}/restore-previews', body),
    restore: await runToEnd(user, '/tenants/{t}/restores', body),
  };
}

interface TimedStart {
  readonly runId: string;
  readonly milliseconds: number;
}

async function timedStart(user: ApiUser, policy: Policy | undefined): Promise<TimedStart> {
  const before = performance.now();
  const answer = await started(
    user.call('POST', `/tenants/{t}/policies/${policy?.id}/captures`, {}),
  );
  expect(answer.reused).toBe(false);
  return { runId: answer.run.id, milliseconds: performance.now() - before };
}

function median(starts: readonly TimedStart[]): number {
  const sorted = starts.map(({ milliseconds }) => milliseconds).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

describe('the request path', () => {
  // Catches: a start that reads the policy from Graph, or waits for the run, before it answers.
  it('starts runs as quickly for a tenant with a Graph latency of 5 s as for another', async () => {
    const [slow, quick] = await Promise.all([
      under.signIn(slowTenant, 'operator'),
      under.signIn(quickTenant, 'operator'),
    ]);
    const [slowPolicies, quickPolicies] = [await policiesOf(slow), await policiesOf(quick)];
    await under.simulator.throttle({ tenant: slow.tenantId, latencyMs: slowGraphMs });
    const slowStarts: TimedStart[] = [];
    const quickStarts: TimedStart[] = [];
    for (let at = 0; at < startsPerTenant; at += 1) {
      slowStarts.push(await timedStart(slow, slowPolicies[at]));
      quickStarts.push(await timedStart(quick, quickPolicies[at]));
    }
    await under.simulator.throttle({});
    expect(median(slowStarts) / median(quickStarts)).toBeLessThan(medianRatioMax);
    for (const { milliseconds } of slowStarts) expect(milliseconds).toBeLessThan(slowGraphMs);
    for (const { runId } of slowStarts) {
      expect(await untilEnded(slow, runId)).toMatchObject({ status: 'succeeded' });
    }
  }, 120_000);

  // Catches: any Graph call within a request, also a quick one, and a route missing from this test.
  it('calls Graph for no operation while the worker stands still', async () => {
    const owner = await under.signIn(slowTenant, 'owner');
    const admin = await under.signIn('Northwind Managed Services', 'admin');
    const [policy] = await policiesOf(await under.signIn(slowTenant, 'operator'));
    const path = `/tenants/{t}/policies/${policy?.id}/captures`;
    const ended = await runToEnd(owner, path);
    const types = ['scopeTag'];
    const backup = await runToEnd(owner, '/tenants/{t}/backup-sets', { name: 'Tags', types });
    const exportsPath = `/tenants/{t}/backup-sets/${backup.target?.id}/exports`;
    const exported = await runToEnd(owner, exportsPath, { format: 'tenantry' });
    const archive = await owner.call('GET', `/tenants/{t}/exports/${exported.id}`);
    const nightly = { name: 'Nightly', cron: '0 2 * * *', selection: { types } };
    const schedule = await expectAnswer<{ id: string }>(
      owner.call('POST', '/tenants/{t}/backup-schedules', nightly),
      201,
    );
    // An active restore would block the undo, so this one is in another tenant.
    const otherOwner = await under.signIn(quickTenant, 'owner');
    const [own, others] = [
      await restoredBackup(owner, types),
      await restoredBackup(otherOwner, types),
    ];
    const daily = { name: 'Drift', cron: '0 3 * * *', backupSetId: backup.target?.id };
    const driftSchedule = await expectAnswer<{ id: string }>(
      owner.call('POST', '/tenants/{t}/drift-schedules', daily),
      201,
    );
    for (const { status } of [own.preview, others.restore]) expect(status).toBe('succeeded');
    const [notification] = await wholeList<Notification>(owner, '/notifications');
    const refreshed = await wholeList<Policy>(owner, '/tenants/{t}/policies');
    const reader = under.tenant(slowTenant).users.find((user) => user.suggestedRole === 'reader');
    const snapshotId = refreshed.find(({ id }) => id === policy?.id)?.lastSnapshotId ?? '';
    const parameters = {
      q: 'a',
      tenantId: owner.tenantId,
      policyId: policy?.id ?? '',
      runId: ended.id,
      ...{ snapshotId, against: snapshotId, scheduleId: schedule.id },
      driftScheduleId: driftSchedule.id,
      ...{ backupSetId: backup.target?.id ?? '', exportId: exported.id },
      notificationId: notification?.id ?? '',
      principalId: `${owner.tenantId}:${reader?.id}`,
    };
    const newTenant = {
      tenantId: randomUUID(),
      displayName: 'New',
      owners: [parameters.principalId],
    };
    const bodies: Readonly<Record<string, unknown>> = {
      captureSnapshot: {},
      syncInventory: {},
      syncDirectory: {},
      registerTenant: newTenant,
      putMember: { role: 'reader' },
      createBackupSet: { name: 'More tags', types },
      addPoliciesToBackupSet: { policyIds: [parameters.policyId] },
      exportBackupSet: { format: 'intunecd' },
      previewRestore: { backupSetId: backup.target?.id },
      executeRestore: { backupSetId: backup.target?.id },
      checkDrift: { backupSetId: backup.target?.id },
      createDriftSchedule: daily,
      replaceDriftSchedule: daily,
      createBackupSchedule: nightly,
      replaceBackupSchedule: nightly,
    };
    under.stack.kill('worker', 'SIGSTOP');
    const active = await started(owner.call('POST', path, {}));
    const usersOf: Readonly<Record<string, ApiUser>> = {
      registerTenant: admin,
      undoRestore: otherOwner,
    };
    const runsOf: Readonly<Record<string, string>> = {
      cancelRun: active.run.id,
      getRunPreview: own.preview.id,
      undoRestore: others.restore.id,
    };
    try {
      await under.simulator.control('DELETE', '/requests');
      const statuses: string[] = [];
      for (const operation of await listOperations(under.stack.apiUrl)) {
        const { operationId } = operation;
        if (operationId === mayAskGraph) continue;
        const user = usersOf[operationId] ?? owner;
        const runId = runsOf[operationId] ?? parameters.runId;
        const filled = { ...parameters, tenantId: user.tenantId, runId };
        const answer =
          operationId === 'importPolicies'
            ? await sendZip(user, under.stack.apiUrl, archive.bytes)
            : await callOperation(user, operation, filled, bodies[operationId]);
        statuses.push(`${operationId} ${Math.floor(answer.status / 100)}xx`);
      }
      expect(statuses.filter((status) => !status.endsWith('2xx'))).toEqual([]);
      expect(statuses.length).toBeGreaterThan(20);
      expect(await under.simulator.requests()).toEqual([]);
      const search = await owner.call('GET', '/tenants/{t}/directory/group-search?q=a');
      expect(search.status).toBe(200);
      expect(await under.simulator.requests()).toMatchObject([{ path: '/groups' }]);
    } finally {
      under.stack.kill('worker', 'SIGCONT');
    }
    expect(await untilEnded(owner, active.run.id)).toMatchObject({ status: 'canceled' });
    // The log does show the worker's calls.
    expect(await runToEnd(owner, path)).toMatchObject({ status: 'succeeded' });
    expect((await under.simulator.requests()).length).toBeGreaterThan(0);
  }, 120_000);
});
