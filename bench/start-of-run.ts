import { randomUUID } from 'node:crypto';
import type { BenchStack, BenchTenant } from './bench-stack.ts';
import { percentile } from './percentile.ts';
import type { BenchRow } from './row.ts';
import { untilIdle } from './timed-runs.ts';

const sequentialStarts = 120;
const parallel = 16;
const parallelRounds = 12;
/** The first starts compile code and open connections, so they do not count. */
const warmUpStarts = 40;
const goal = 1.5;

/** The number of policies for the measurement: one for each start, because a second start would join the first. */
export const startsNeeded = warmUpStarts + sequentialStarts + parallel * parallelRounds;

/**
 * Measures the start of a run over HTTP against the least work of a durable start: one committed insert and one start
 * of a workflow without a worker, from this process. The two alternate, so both meet the same machine. The product's
 * worker is stopped, because its speed is another question and bare workflows have no worker either.
 */
export async function measureStarts(
  bench: BenchStack,
  tenant: BenchTenant,
  policyIds: readonly string[],
): Promise<BenchRow[]> {
  await bench.database.query(
    'create table bare_rows (id uuid primary key, payload jsonb not null)',
  );
  const waiting = [...policyIds];
  const next = () => {
    const id = waiting.pop();
    if (id === undefined) throw new Error('there are too few policies');
    return timed(() => startRun(bench, tenant, id));
  };
  const bare = () => timed(() => startBare(bench));
  bench.stack.kill('worker', 'SIGSTOP');
  try {
    await alternate(warmUpStarts, next, bare);
    const sequential = await alternate(sequentialStarts, next, bare);
    const together = await alternate(
      parallelRounds,
      () => Promise.all(Array.from({ length: parallel }, next)),
      () => Promise.all(Array.from({ length: parallel }, bare)),
    );
    return [
      ...rowsOf('start of a run, one at a time', sequential.runs, sequential.bare),
      ...rowsOf(`start of a run, ${parallel} at once`, together.runs.flat(), together.bare.flat()),
    ];
  } finally {
    bench.stack.kill('worker', 'SIGCONT');
    await untilIdle(tenant);
  }
}

async function alternate<T>(
  rounds: number,
  run: () => Promise<T>,
  bareStart: () => Promise<T>,
): Promise<{ runs: T[]; bare: T[] }> {
  const [runs, bare]: [T[], T[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    runs.push(await run());
    bare.push(await bareStart());
  }
  return { runs, bare };
}

/** The duration of some work in milliseconds. */
async function timed(work: () => Promise<void>): Promise<number> {
  const before = performance.now();
  await work();
  return performance.now() - before;
}

async function startRun({ stack }: BenchStack, tenant: BenchTenant, policyId: string) {
  const path = `/api/v1/tenants/${tenant.tenantId}/policies/${policyId}/captures`;
  const response = await fetch(`${stack.apiUrl}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${tenant.token}`, 'content-type': 'application/json' },
    body: '{}',
  });
  const text = await response.text();
  if (response.status !== 202) throw new Error(`${response.status} ${text}`);
}

async function startBare({ database, temporal }: BenchStack): Promise<void> {
  const id = randomUUID();
  await database.query('insert into bare_rows (id, payload) values ($1, $2)', [
    id,
    JSON.stringify({ id }),
  ]);
  await temporal.workflow.start('bare', { workflowId: id, taskQueue: 'bare', args: [{ id }] });
}

function rowsOf(name: string, runs: readonly number[], bare: readonly number[]): BenchRow[] {
  return [0.5, 0.95].map((share) => ({
    name: `${name}, p${share * 100}`,
    unit: 'ms',
    value: percentile(runs, share),
    baseline: {
      value: percentile(bare, share),
      what: 'one insert and one workflow start, without HTTP',
    },
    goal: share === 0.5 ? goal : null,
  }));
}
