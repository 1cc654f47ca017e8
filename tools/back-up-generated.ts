import { readFile } from 'node:fs/promises';
import { backUp, compareCounts, seedGenerated } from '#test/e2e/support/backups.ts';
import { newTenant } from '#test/e2e/support/new-tenant.ts';
import { startStackUnderTest } from '#test/e2e/support/stack-under-test.ts';

/**
 * `node tools/back-up-generated.ts <policies>` backs up a generated tenant of that size on a stack
 * of its own, at Intune's full documented limits, and prints whether the set is complete, beside a
 * count over Graph alone. It is for sizes too slow for the test suite: Intune answers fifty
 * requests a second, so 20,000 policies take at least seven minutes.
 */
const policies = Number(process.argv[2] ?? 20_000);
const secondsMax = 3_600;
const sampleIntervalMs = 1_000;

/** The resident memory of a process in MiB; 0 for a process that is gone. */
async function residentMib(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
}

console.log(`starting a stack, seeding ${policies} policies`);
const under = await startStackUnderTest({ GRAPH_BUDGET_SHARE: '100' });
try {
  const user = await newTenant(under, `Generated ${policies}`);
  await seedGenerated(under, user, policies);
  const idleMib = await residentMib(under.stack.pids.worker);
  let peakMib = idleMib;
  const sampling = setInterval(() => {
    void residentMib(under.stack.pids.worker).then((mib) => {
      peakMib = Math.max(peakMib, mib);
    });
  }, sampleIntervalMs);
  console.log('backing up');
  const start = performance.now();
  const { run, set } = await backUp(user, { name: 'Everything', all: true }, secondsMax);
  const seconds = Math.round((performance.now() - start) / 1000);
  clearInterval(sampling);
  const { captured, counted } = await compareCounts(under, user, set);
  const differing = Object.keys(counted).filter((path) => counted[path] !== captured[path]);
  const executions: number[] = [];
  const query = `WorkflowId = "${run.idempotencyKey}"`;
  for await (const { historyLength } of under.temporal.workflow.list({ query })) {
    executions.push(historyLength);
  }
  console.table({
    ...{ status: run.status, items: run.counts.total, failed: run.counts.failed, seconds },
    ...{ complete: set.manifest.complete, 'differing collections': differing.join(' ') || 'none' },
    ...{ 'worker idle MiB': idleMib, 'worker peak MiB': peakMib },
    'events of the executions': executions.join(' '),
  });
  const isSound = run.status === 'succeeded' && set.manifest.complete && differing.length === 0;
  if (!isSound) process.exitCode = 1;
} finally {
  await under.stop();
}
