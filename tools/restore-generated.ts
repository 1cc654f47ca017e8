import { setTimeout as sleep } from 'node:timers/promises';
import type { Run } from '#test/e2e/support/api-types.ts';
import type { ApiUser } from '#test/e2e/support/api-user.ts';
import { backUp, newestCall } from '#test/e2e/support/backups.ts';
import { catalogPolicyText } from '#test/e2e/support/catalog-policy.ts';
import { started, untilEnded } from '#test/e2e/support/follow-run.ts';
import { newTenant } from '#test/e2e/support/new-tenant.ts';
import { type StackUnderTest, startStackUnderTest } from '#test/e2e/support/stack-under-test.ts';
import { compareTenants } from '#test/support/compare-tenants.ts';
import { generateTenant, type SeedObject } from '#test/support/generated-tenant.ts';
import { isDefault, kindOf } from '#test/support/tenants/restorable.ts';
import { listTenant } from '#test/support/tenants/tenant-object.ts';
import { largestPayload } from '../bench/history-size.ts';
import { withResidentPeak } from '../bench/resident-peak.ts';

/**
 * `node tools/restore-generated.ts <policies> [plain]` backs up a generated tenant of that size,
 * deletes all restorable objects, restores them at Intune's full documented limits, and prints the
 * cost and the differences that remain. It is for sizes too slow for the test suite: Intune accepts
 * five writes a second. With `plain`, all objects are unassigned settings catalog policies, one
 * write each.
 */
const policies = Number(process.argv[2] ?? 500);
const plain = process.argv[3] === 'plain';
const secondsMax = 7_200;
const seedBatch = 250;
const writesInWindow = 100;
const windowSeconds = 20;
/**
 * The design's event budgets for a run with so many items: for all executions together, and for
 * one.
 */
const eventsMax = (items: number) => 8 * items + 60;
const executionEventsMax = 8_000;
const idleMs = 500;
const differencesShown = 20;

function seeds(): SeedObject[] {
  if (!plain) return generateTenant({ policies, seed: policies, dangling: false, secrets: false });
  return Array.from({ length: policies }, (_, at) => ({
    path: '/deviceManagement/configurationPolicies',
    body: JSON.parse(
      catalogPolicyText(`Plain ${at}`, { settings: 10, assignments: 0 }),
    ) as SeedObject['body'],
  }));
}

async function seed({ simulator }: StackUnderTest, { tenantId }: ApiUser): Promise<void> {
  const objects = seeds();
  for (let first = 0; first < objects.length; first += seedBatch) {
    const batch = objects.slice(first, first + seedBatch);
    await simulator.control('POST', `/tenants/${tenantId}/objects`, batch);
  }
}

/**
 * Deletes all objects that a restore can create again.
 * @returns their number.
 */
async function deleteRestorable(
  { simulator, stack }: StackUnderTest,
  { tenantId }: ApiUser,
): Promise<number> {
  const objects = await listTenant(stack.simulatorUrl, tenantId);
  const doomed = objects.filter((each) => kindOf(each) !== undefined && !isDefault(each));
  for (const { path, id } of doomed) {
    await simulator.control('POST', `/tenants/${tenantId}/mutate`, { path, id, delete: true });
  }
  return doomed.length;
}

/** The events of each execution of a run, the newest first, and the largest payload. */
async function historyOf({ temporal }: StackUnderTest, { idempotencyKey }: Run) {
  const events: number[] = [];
  let payloadBytes = 0;
  const query = `WorkflowId = "${idempotencyKey}"`;
  for await (const { historyLength, workflowId, runId } of temporal.workflow.list({ query })) {
    events.push(historyLength);
    const history = await temporal.workflow.getHandle(workflowId, runId).fetchHistory();
    payloadBytes = Math.max(payloadBytes, largestPayload(history));
  }
  return { events, payloadBytes };
}

console.log(`starting a stack, seeding ${policies} policies`);
const under = await startStackUnderTest({ GRAPH_BUDGET_SHARE: '100', GRAPH_SLOW_START: 'false' });
try {
  const user = await newTenant(under, `Generated ${policies}`);
  await seed(under, user);
  const before = await listTenant(under.stack.simulatorUrl, user.tenantId);
  console.log('backing up');
  const { set } = await backUp(user, { name: 'Everything', all: true }, secondsMax);
  const deleted = await deleteRestorable(under, user);
  console.log(`restoring ${set.itemCount} policies, ${deleted} of which are gone`);
  const since = await newestCall(under);
  const pidOf = () => under.stack.pids.worker;
  const { peakMiB: idleMiB } = await withResidentPeak(pidOf, () => sleep(idleMs));
  const start = performance.now();
  const { result: run, peakMiB } = await withResidentPeak(pidOf, async () => {
    const body = { backupSetId: set.id, conditionalAccessState: 'asBackedUp' };
    const { run: asked } = await started(user.call('POST', '/tenants/{t}/restores', body));
    return untilEnded(user, asked.id, secondsMax);
  });
  const seconds = (performance.now() - start) / 1_000;
  const calls = (await under.simulator.requests(since)).filter(
    ({ tenant, path }) => tenant === user.tenantId && !path.endsWith('$batch'),
  );
  const writes = calls.filter(({ method }) => method !== 'GET').length;
  const { events, payloadBytes } = await historyOf(under, run);
  const after = await listTenant(under.stack.simulatorUrl, user.tenantId);
  const differences = compareTenants(before, after).split('\n').filter(Boolean);
  const { total, succeeded, failed, skipped } = run.counts;
  const allEvents = events.reduce((sum, each) => sum + each, 0);
  console.table({
    ...{ status: run.status, items: total, succeeded, failed, skipped },
    ...{ seconds: Math.round(seconds), writes, requests: calls.length },
    'answered 429': calls.filter(({ status }) => status === 429).length,
    'floor of the write limit, seconds': Math.floor((writes - 1) / writesInWindow) * windowSeconds,
    'events of the executions': events.join(' '),
    'events in all, at most': `${allEvents}, ${eventsMax(total)}`,
    'largest payload, bytes': payloadBytes,
    'worker MiB before, peak': `${Math.round(idleMiB ?? 0)}, ${Math.round(peakMiB ?? 0)}`,
    'differences from before': differences.length,
  });
  for (const line of differences.slice(0, differencesShown)) console.log(line);
  const isSmall = allEvents <= eventsMax(total) && Math.max(...events) < executionEventsMax;
  // A generated tenant has a few unrestorable objects, which this tool has not touched.
  const isSound = failed === 0 && succeeded + skipped === total && differences.length === 0;
  if (!isSound || !isSmall) process.exitCode = 1;
} finally {
  await under.stop();
}
