import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { playScenarios } from '../test/replay/support/scenarios.ts';
import setup from '../test/support/global-setup.mts';
import teardown from '../test/support/global-teardown.ts';
import { anonymousHistory } from './anonymous-history.ts';
import { writeCommittedHistory } from './committed-histories.ts';

// npm run record-histories [-- <workflow type> …] plays the scenarios on real servers and writes
// their histories to test/replay/histories; other workflow types keep theirs. Run it and commit the
// result for a new path through a workflow. Never run it to repair a failing replay, unless no
// released version has executions of the old kind.

await setup();
try {
  const workflowTypes = process.argv.slice(2);
  await playScenarios(
    workflowTypes,
    async (kernel, workflowType, scenario, { workflowId, runId }) => {
      const history = await kernel.client.workflow.getHandle(workflowId, runId).fetchHistory();
      const anonymous = anonymousHistory(historyToJSON(history));
      await writeCommittedHistory({ workflowType, scenario, workflowId, history: anonymous });
      const events = history.events?.length ?? 0;
      process.stdout.write(`${workflowType}/${scenario}: ${events} events\n`);
    },
  );
} finally {
  await teardown();
}
