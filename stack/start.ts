import { describeStack } from './announce.ts';
import { readPorts } from './ports.ts';
import { withProgress } from './progress.ts';
import { homeFolder } from './stack-home.ts';
import { startStack } from './stack.ts';
import { aborted, untilAskedToStop } from './until-asked-to-stop.ts';

const asked = untilAskedToStop();

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function start(): Promise<void> {
  const startedAt = performance.now();
  print('starting PostgreSQL, Temporal, the Graph simulator, worker and API');
  const stack = await startStack({
    home: homeFolder(process.env),
    ports: readPorts(process.env),
    log: print,
    signal: asked,
  });
  for (const line of describeStack(stack)) print(line);
  print(`ready in ${((performance.now() - startedAt) / 1000).toFixed(1)} s (Ctrl-C stops it)`);
  await aborted(asked);
  print('stopping');
  await withProgress('stopping', stack.stop(), print);
  print('stopped');
}

try {
  await start();
} catch (error) {
  if (asked.aborted) print('stopped while starting');
  else process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = asked.aborted ? 0 : 1;
}
// A start that was given up may still wait, for a download for example: end all the same.
process.exit();
