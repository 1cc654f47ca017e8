import { globSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Probe } from './lint-imports.ts';

export const sources = globSync('src/**/*.ts').toSorted();

/** Files with their own list of imports. */
const singleFiles = [
  'src/main.ts',
  'src/config.ts',
  'src/logger.ts',
  'src/commands/worker.ts',
  'src/db/migrations/migrate.ts',
];

/** One file of each folder of src. */
const places = [
  ...new Map(
    sources.filter((file) => !singleFiles.includes(file)).map((file) => [dirname(file), file]),
  ).values(),
  ...singleFiles,
];

/** Imports that the fences refuse to every file of src, each with its exceptions. */
const refusedEverywhere: readonly (readonly [line: string, allowed?: RegExp])[] = [
  ['../other.ts'],
  ['../../db/page.ts'],
  ['./folder/other.ts'],
  ['./../other.ts'],
  ['file:///other.ts'],
  ['left-pad'],
  ['#simulator/main.ts'],
  ['#stack/stack.ts'],
  ['#test/support/kernel.ts'],
  ['#tools/fences.ts'],
  ['#domain/../commands/usage-error.ts'],
  ['#db/../commands/usage-error.ts'],
  ['await import(`${process.argv[2]}`);'],
  ['#workflows/index.ts'],
  ['#workflows/runtime/for-each-range.ts', /^src\/workflows\/[^/]+$/],
  ['#commands/api.ts', /^src\/main/],
  ['#api/app.ts', /^src\/commands\//],
  ['#activities/create-activities.ts', /^src\/commands\/worker/],
  ['#activities/restore/apply/restore-item.ts', /^src\/activities\/create-/],
  ['#graph/graph-writers.ts', /^src\/commands\/worker/],
  [
    '#graph/port/graph-writer.ts',
    /^src\/(graph\/(?!budget|port)|activities\/(create-|restore\/apply))/,
  ],
  ['#graph/wire/send-write.ts', /^src\/graph\/(lanes|directory|[^/]+$)/],
  ['#graph/lanes/write-lane.ts', /^src\/graph\/[^/]+$/],
  ['#db/migrations/all.ts', /^src\/commands\//],
  ["import { readConfig } from '#config.ts';", /^src\/commands\//],
  ["import { createLogger } from '#logger.ts';", /^src\/commands\//],
  ["import { createTemporal } from '#temporal/connect.ts';", /^src\/(commands|temporal\/)/],
  ['pg', /^src\/db\/[^/]+$/],
  ['express', /^src\/api\/(http\/|[^/]+$)/],
  ['@temporalio/worker', /^src\/(commands\/worker|temporal\/[^/]+$)/],
  ['@temporalio/client', /^src\/temporal\//],
  ['@temporalio/activity', /^src\/activities\//],
  ['@temporalio/workflow', /^src\/workflows\//],
  ['@azure/msal-node', /^src\/graph\//],
];

/** Imports that the fences refuse to one folder. */
const refusedHere: Readonly<Record<string, readonly string[]>> = {
  'src/domain/json/a.ts': [
    '#domain/run/run.ts',
    'node:crypto',
    'kysely',
    '#db/page.ts',
    '#graph/client.ts',
  ],
  'src/domain/identity/a.ts': ['#domain/json/canonical-json.ts', 'node:fs', '#config.ts'],
  'src/domain/policy-types/a.ts': ['#domain/diff/diff.ts', '#domain/restore/plan.ts', 'node:fs'],
  'src/domain/diff/a.ts': ['#domain/restore/plan.ts', '#domain/archive/archive.ts', 'node:util'],
  'src/domain/run/a.ts': ['#domain/restore/plan.ts', '#db/run/runs.ts', 'uuid'],
  'src/domain/audit/a.ts': ['#domain/run/run.ts', 'node:crypto'],
  'src/domain/restore/a.ts': [
    '#domain/restore/plan/plan-item.ts',
    '#domain/restore/mapping/remap.ts',
  ],
  'src/domain/restore/mapping/a.ts': [
    '#domain/restore/plan/plan-item.ts',
    '#domain/restore/writes/a.ts',
  ],
  'src/domain/restore/writes/a.ts': ['#domain/restore/plan/plan-item.ts', 'node:fs'],
  'src/domain/restore/plan/a.ts': [
    '#domain/archive/a.ts',
    '#graph/client.ts',
    '#temporal/connect.ts',
  ],
  'src/workflows/a.ts': [
    ...['node:fs', 'node:crypto', 'zod', 'uuid', 'kysely', '@temporalio/common', '#db/page.ts'],
    ...['#graph/client.ts', '#temporal/connect.ts', '#config.ts', '#activities/runtime/deps.ts'],
    "import type { Activities } from '#activities/create-activities.ts';",
  ],
  'src/workflows/runtime/a.ts': ['#workflows/index.ts', 'node:timers/promises', '#db/run/runs.ts'],
  'src/graph/port/a.ts': ['#graph/wire/call-graph.ts', '#graph/auth/tokens.ts', '#db/page.ts'],
  'src/graph/budget/a.ts': ['#graph/lanes/batch-lane.ts', '#graph/port/graph-error.ts'],
  'src/graph/auth/a.ts': ['#graph/wire/call-graph.ts', '#temporal/connect.ts', '#config.ts'],
  'src/graph/wire/a.ts': ['#graph/lanes/batch-lane.ts', '#graph/capture/revision.ts'],
  'src/graph/lanes/a.ts': ['#graph/capture/revision.ts', '#db/budget/graph-budget.ts'],
  'src/graph/capture/a.ts': ['#graph/lanes/batch-lane.ts', '#graph/wire/call-graph.ts', 'kysely'],
  'src/graph/a.ts': ['#db/page.ts', '@temporalio/common', '#activities/runtime/deps.ts'],
  'src/db/a.ts': ['#db/run/runs.ts', '#graph/client.ts', '#temporal/connect.ts', 'zod'],
  'src/db/audit/a.ts': ['#db/run/runs.ts', '#db/schedule/schedules.ts', 'express'],
  'src/db/run/a.ts': ['#db/backup/backup-sets.ts', '#db/snapshot/snapshots.ts', '#api/run/runs.ts'],
  'src/db/snapshot/a.ts': [
    '#db/backup/captures.ts',
    '#db/archive/archives.ts',
    '#graph/capture/revision.ts',
  ],
  'src/db/backup/a.ts': ['#db/restore/restore-plans.ts', '#db/schedule/schedules.ts'],
  'src/db/restore/a.ts': ['#db/archive/archives.ts', '#activities/runtime/deps.ts'],
  'src/db/migrations/012-a.ts': [
    '#domain/audit/audit-event.ts',
    '#db/tables.ts',
    '#db/audit/audit-chain.ts',
    '#db/budget/graph-budget.ts',
    'uuid',
    'node:crypto',
  ],
  'src/db/migrations/009-audit-chain.ts': ['#db/tables.ts', '#domain/audit/audit-event.ts'],
  'src/db/migrations/009-audit-event-hash.ts': ['#domain/audit/audit-event.ts'],
  'src/activities/runtime/a.ts': [
    '#activities/run/end-run.ts',
    '#activities/backup/plan-backup.ts',
    'express',
  ],
  'src/activities/backup/a.ts': [
    '#activities/run/end-run.ts',
    '#activities/restore/plan/plan-items.ts',
  ],
  'src/activities/run/a.ts': ['#activities/restore/plan/plan-items.ts', '#workflows/index.ts'],
  'src/activities/snapshot/a.ts': ['#activities/backup/capture-items.ts'],
  'src/activities/schedule/a.ts': ['#activities/run/end-run.ts', '#graph/wire/call-graph.ts'],
  'src/activities/archive/import/a.ts': ['#activities/archive/export/export-zip.ts', 'yazl'],
  'src/activities/archive/export/a.ts': ['#activities/archive/import/import-archive.ts', 'yauzl'],
  'src/activities/restore/plan/a.ts': [
    '#activities/restore/apply/restore-item.ts',
    "import type { GraphWriters } from '#graph/port/graph-writer.ts';",
    "import type { SendWrite } from '#activities/restore/apply/send-write.ts';",
    '#graph/wire/write-outcome.ts',
  ],
  'src/activities/restore/apply/a.ts': ['#activities/run/end-run.ts', '#graph/wire/call-graph.ts'],
  'src/api/http/a.ts': ['#api/run/run-view.ts', '#api/auth/authentication.ts', '#graph/client.ts'],
  'src/api/auth/a.ts': ['#api/run/run-view.ts', '#graph/auth/tokens.ts', '@azure/msal-node'],
  'src/api/run/a.ts': [
    '#api/backup/backup-sets.ts',
    '#api/rerun/rerun.ts',
    '#activities/runtime/deps.ts',
  ],
  'src/api/restore/a.ts': [
    '#api/schedule/schedules.ts',
    '#api/rerun/rerun.ts',
    '@microsoft/microsoft-graph-client',
  ],
  'src/api/backup/a.ts': [
    '#api/restore/restores.ts',
    '#api/schedule/schedules.ts',
    '#api/rerun/rerun.ts',
    '#workflows/index.ts',
  ],
  'src/api/schedule/a.ts': ['#api/rerun/rerun.ts', '#graph/client.ts', '@temporalio/client'],
  'src/api/a.ts': ['#graph/client.ts', '#activities/runtime/deps.ts', '#temporal/connect.ts'],
  'src/temporal/a.ts': ['#temporal/run/run-starter.ts', '#api/app.ts', '#graph/client.ts'],
  'src/temporal/run/a.ts': [
    ...[
      '#temporal/schedule/backup-schedules.ts',
      '#graph/client.ts',
      '#activities/runtime/deps.ts',
    ],
    "import type { Activities } from '#activities/create-activities.ts';",
  ],
  'src/temporal/schedule/a.ts': ['#workflows/index.ts', '#api/schedule/schedules.ts'],
  'src/commands/a.ts': [
    '#activities/runtime/settle-window.ts',
    '#workflows/index.ts',
    '#graph/wire/send-write.ts',
  ],
  'src/commands/worker.ts': [
    "import { reachFailpoint } from '#activities/restore/apply/failpoint.ts';",
  ],
  'src/new-layer/a.ts': ['#domain/run/run.ts', 'node:fs', './b.ts'],
  'src/api/new-feature/a.ts': ['#api/http/route.ts'],
  'simulator/a.ts': [
    '#domain/run/run.ts',
    '#simulator/store/store.ts',
    '../src/config.ts',
    'zod',
    './../src/main.ts',
  ],
  'simulator/graph/write/a.ts': [
    '../../../src/domain/run/run.ts',
    '../../../test/support/until.ts',
    '../../../stack/stack.ts',
    '../../../tools/fences.ts',
    '../../../bench/run.ts',
    '../../../console/page.ts',
  ],
};

export const refused: readonly Probe[] = [
  ...places.flatMap((place) =>
    refusedEverywhere
      .filter(([, allowed]) => allowed?.test(place) !== true)
      .map(([line]) => ({ file: place, line })),
  ),
  ...Object.entries(refusedHere).flatMap(([file, lines]) => lines.map((line) => ({ file, line }))),
];
