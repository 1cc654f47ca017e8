import { MockActivityEnvironment } from '@temporalio/testing';
import { createActivities } from '#activities/create-activities.ts';
import { settleWindow } from '#activities/runtime/settle-window.ts';
import type { RunRow } from '#db/tables.ts';
import type { RunRequest } from '#domain/run/run-requests.ts';
import { createGraph } from '#graph/client.ts';
import { createGraphWriters } from '#graph/graph-writers.ts';
import { startSimulator } from '#simulator/server.ts';
import { createRunStarter } from '#temporal/run/run-starter.ts';
import { createBackupSchedules } from '#temporal/schedule/backup-schedules.ts';
import { createTestDatabase, type TestDatabase } from '#test/support/database.ts';
import { connectTo, silentLog, testCipher } from '#test/support/kernel.ts';
import { insertUndispatchedRun } from '#test/workflows/support/foreign-hand.ts';

type Activities = ReturnType<typeof createActivities>;
type Info = NonNullable<ConstructorParameters<typeof MockActivityEnvironment>[0]>;

/** Calls activities as a worker does, over a real database and the simulator, without Temporal. */
export interface ActivityBench {
  readonly database: TestDatabase;
  readonly simulatorUrl: string;
  readonly activities: Activities;
  /** A queued run. */
  insertRun(work: RunRequest): Promise<RunRow>;
  /** The context of one attempt at an activity of the run's workflow. */
  attemptFor(run: RunRow, info?: Info): MockActivityEnvironment;
  stop(): Promise<void>;
}

/** The execution of all attempts. */
export const executionId = 'the-execution';

export async function startActivityBench(): Promise<ActivityBench> {
  const [database, simulator] = await Promise.all([
    createTestDatabase(),
    startSimulator({ sample: false }),
  ]);
  const settle = settleWindow(4);
  const graphConfig = {
    baseUrl: simulator.url,
    authority: simulator.url,
    clientId: 'tenantry',
    credential: { kind: 'secret', clientSecret: 'activity-test-secret' },
    writeTimeoutMs: settle.writeTimeoutMs,
  } as const;
  const graph = createGraph(graphConfig);
  // No server listens there: these activities do not ask Temporal.
  const temporal = connectTo('127.0.0.1:1');
  const deps = {
    ...{ db: database.app.db, cipher: testCipher, graph, temporal, settle },
    runs: createRunStarter({ db: database.app.db, temporal, log: silentLog }),
    schedules: createBackupSchedules(temporal),
  };
  return {
    database,
    simulatorUrl: simulator.url,
    activities: createActivities(deps, { writers: createGraphWriters(graphConfig) }),
    insertRun: (work) => insertUndispatchedRun(database, work),
    attemptFor: (run, info = {}) =>
      new MockActivityEnvironment({
        workflowExecution: { workflowId: run.idempotency_key, runId: executionId },
        ...info,
      }),
    stop: async () => {
      await temporal.client.connection.close();
      await simulator.close();
      await database.drop();
    },
  };
}

/** Calls an activity within an attempt at it. */
export function callIn<T>(
  attempt: MockActivityEnvironment,
  activity: () => Promise<T>,
): Promise<T> {
  return attempt.run<[], T, () => Promise<T>>(activity);
}
