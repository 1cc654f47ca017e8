import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { measureBackups } from './backups.ts';
import { type BenchStack, startBenchStack } from './bench-stack.ts';
import { capturesNeeded, measureCaptures } from './captures.ts';
import { describeMachine } from './machine.ts';
import { measureRestores } from './restores.ts';
import { type BenchRow, judge, rowLines } from './row.ts';
import { measureSmallBesideLarge } from './small-beside-large.ts';
import { measureStarts, startsNeeded } from './start-of-run.ts';
import { measureSyncs } from './syncs.ts';

const resultsFile = fileURLToPath(new URL('results.json', import.meta.url));
const digitsWritten = 4;
const smallTenant = 'Fabrikam Clinics';
const beganAt = performance.now();

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function say(line: string): void {
  print(`[${((performance.now() - beganAt) / 1000).toFixed(1).padStart(6)} s] ${line}`);
}

async function measureAll(bench: BenchStack): Promise<BenchRow[]> {
  say('syncs under the limits of Graph');
  const { rows: syncs, generated } = await measureSyncs(bench);
  const { tenant, policyIds } = generated;
  say('starts of runs against bare ones');
  const starts = await measureStarts(bench, tenant, policyIds.slice(0, startsNeeded));
  say('captures under the limits of Graph');
  const others = policyIds.slice(startsNeeded, startsNeeded + capturesNeeded);
  const captures = await measureCaptures(bench, tenant, others);
  const backups = await measureBackups(bench, say);
  say('restore under the limit of writes');
  const restores = await measureRestores(bench);
  say('a small tenant beside a large one');
  const fairness = await measureSmallBesideLarge(bench, await bench.sampleTenant(smallTenant));
  return [...starts, ...syncs, ...captures, ...backups, ...restores, ...fairness];
}

/** None of the measurements is more exact than four digits. */
function roundNumbers(_key: string, value: unknown): unknown {
  return typeof value === 'number' ? Number(value.toPrecision(digitsWritten)) : value;
}

const machine = describeMachine();
const home = await mkdtemp(join(tmpdir(), 'tenantry-bench-'));
try {
  say('starting a stack of its own');
  const bench = await startBenchStack(home, say);
  try {
    const rows = (await measureAll(bench)).map(judge);
    const measuredAt = new Date().toISOString();
    await writeFile(
      resultsFile,
      `${JSON.stringify({ measuredAt, machine, rows }, roundNumbers, 2)}\n`,
    );
    for (const line of ['', ...rowLines(rows), '']) print(line);
    say('written to bench/results.json');
  } finally {
    await bench.stop();
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? '') : String(error)}\n`);
  process.exitCode = 1;
} finally {
  await rm(home, { recursive: true, force: true });
}
process.exit();
