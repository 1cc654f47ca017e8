import { parseArgs } from 'node:util';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { runsTaskQueue } from '#domain/run/task-queues.ts';
import { readStackFile } from '#stack/stack-file.ts';
import { homeFolder, stackFileOf } from '#stack/stack-home.ts';
import { createTemporal } from '#temporal/connect.ts';
import { loadWorkflowBundle } from '#temporal/workflow-bundle.ts';
import { readCommittedHistories } from './committed-histories.ts';
import { replayHistories } from './replay-histories.ts';

// npm run replay -- [--namespace N] [--query Q] replays the committed histories, or those of a live
// namespace, against the code of this checkout.

/** Histories fetched at once; each may have some megabytes. */
const fetchedAtOnce = 5;

const { values: wanted } = parseArgs({
  options: { namespace: { type: 'string' }, query: { type: 'string' } },
});

/**
 * The histories of a live namespace, in the server of TEMPORAL_* or else in this checkout's running
 * stack.
 */
function liveHistories() {
  const stack = readStackFile(stackFileOf(homeFolder(process.env)));
  const address = process.env['TEMPORAL_ADDRESS'] || stack?.temporalAddress || '127.0.0.1:7233';
  const namespace =
    wanted.namespace ?? (process.env['TEMPORAL_NAMESPACE'] || stack?.temporalNamespace);
  const { client } = createTemporal(process.env, {
    TEMPORAL_ADDRESS: address,
    TEMPORAL_NAMESPACE: namespace ?? 'default',
    TEMPORAL_RUN_ID_ATTRIBUTE: 'RunId',
  });
  const query = wanted.query ?? `TaskQueue = "${runsTaskQueue}"`;
  process.stdout.write(`Histories of ${namespace ?? 'default'} at ${address} where ${query}\n`);
  const histories = client.workflow.list({ query }).intoHistories({ concurrency: fetchedAtOnce });
  return { histories, nameOf: (id: string) => id, close: () => client.connection.close() };
}

/** The committed histories with their names. */
async function committedHistories() {
  const committed = await readCommittedHistories();
  const names = new Map(
    committed.map((each) => [each.workflowId, `${each.workflowType}/${each.scenario}`]),
  );
  return {
    histories: committed.map(({ workflowId, history }) => ({ workflowId, history })),
    nameOf: (id: string) => names.get(id) ?? id,
    close: () => Promise.resolve(),
  };
}

Runtime.install({ logger: new DefaultLogger('ERROR', () => undefined) });
const isLive = wanted.namespace !== undefined || wanted.query !== undefined;
const [bundle, source] = await Promise.all([
  loadWorkflowBundle({}),
  isLive ? liveHistories() : committedHistories(),
]);
const tally = { replayed: 0, broken: 0 };
for await (const { workflowId, runId, error } of replayHistories(bundle, source.histories)) {
  tally.replayed += 1;
  if (error !== undefined) tally.broken += 1;
  const verdict = error === undefined ? 'ok    ' : 'BROKEN';
  process.stdout.write(`${verdict} ${source.nameOf(workflowId)} ${runId}\n`);
  if (error !== undefined) process.stdout.write(`       ${error.name}: ${error.message}\n`);
}
await source.close();
process.stdout.write(`${tally.replayed} replayed, ${tally.broken} broken\n`);
process.exitCode = tally.broken === 0 ? 0 : 1;
