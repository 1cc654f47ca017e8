/**
 * The fences of the code: the imports that each folder may make. Every other import is refused, so a new folder needs
 * a line here. `npm run fences` writes them to .oxlintrc.fences.json for the linter; test/tools/fences.test.ts holds both
 * together and proves that each fence refuses.
 */
export interface Layer {
  /** The first sentence of the linter's message. */
  readonly why: string;
  /**
   * Imports that every folder of the layer may make. `#db/**` is a whole layer, `#db/run` the files of one folder,
   * and `type #config.ts` allows only `import type`.
   */
  readonly imports: readonly string[];
  /** The folders of the layer, each with the folders of the same layer that it may import; `.` is the layer itself. */
  readonly folders: Readonly<Record<string, string>>;
  /** Exceptions from the two lists above. */
  readonly never?: readonly string[];
  /** Exceptions from `never`, and further imports of one folder. */
  readonly also?: Readonly<Record<string, readonly string[]>>;
}

export const node = ['node:*', 'node:*/*'];

/** Code with this port can write to Graph. */
const writerPort = '#graph/port/graph-writer.ts';

export const layers: Readonly<Record<string, Layer>> = {
  domain: {
    why: 'src/domain is pure: it does no I/O and imports neither Node nor another layer.',
    imports: ['zod', 'canonicalize', '@noble/hashes/*'],
    folders: {
      concurrency: '',
      json: '',
      identity: '',
      network: '',
      schedule: '',
      directory: '',
      backup: '',
      audit: 'json',
      run: 'json schedule',
      'policy-types': 'identity json',
      diff: 'json policy-types',
      archive: 'backup diff json policy-types',
      restore: 'diff json policy-types run',
      'restore/mapping': 'identity json policy-types restore run',
      'restore/writes': 'diff identity json policy-types restore',
      'restore/plan': 'diff identity json policy-types restore restore/mapping restore/writes',
    },
  },
  workflows: {
    why: 'Workflows are deterministic: they import only @temporalio/workflow and src/domain.',
    imports: ['@temporalio/workflow', '#domain/**'],
    folders: { '.': 'runtime', runtime: '' },
  },
  graph: {
    why: 'src/graph imports only src/domain and the client libraries of Microsoft.',
    imports: ['#domain/**', '@azure/msal-node', '@microsoft/microsoft-graph-client', ...node],
    folders: {
      port: '',
      budget: '',
      auth: 'port',
      capture: 'port',
      wire: 'auth port',
      lanes: 'budget port wire',
      directory: 'auth port wire',
      '.': 'budget lanes port wire',
    },
  },
  db: {
    why: 'src/db imports only src/domain and the client libraries of Postgres.',
    imports: ['#domain/**', 'kysely', 'uuid', ...node],
    folders: {
      '.': '',
      audit: '.',
      budget: '.',
      directory: '.',
      inventory: '.',
      snapshot: '.',
      tenant: '.',
      run: '. audit',
      schedule: '. audit',
      archive: '. run snapshot',
      backup: '. run snapshot',
      restore: '. backup inventory run snapshot',
    },
    also: {
      '.': ['pg'],
      // It implements the port of Graph's rate limiter.
      budget: ['#graph/budget', '#graph/port/graph-error.ts'],
      snapshot: ['type #config.ts'],
    },
  },
  activities: {
    why: 'An activity reads and writes through src/db and src/graph; only src/activities/restore/apply writes to Graph.',
    imports: [
      ...[
        '#domain/**',
        '#db/**',
        '#graph/budget',
        '#graph/capture',
        '#graph/directory',
        '#graph/lanes',
        '#graph/port',
      ],
      ...['#temporal/run', '#temporal/schedule'],
      ...['@temporalio/activity', '@temporalio/common', 'kysely', 'uuid', 'zod', ...node],
    ],
    never: ['#db/migrations/**', '#graph/lanes/write-lane.ts', writerPort],
    folders: {
      runtime: '',
      'archive/export': 'runtime',
      'archive/import': 'runtime',
      backup: 'runtime',
      directory: 'runtime',
      inventory: 'runtime',
      run: 'backup runtime',
      schedule: 'runtime',
      snapshot: 'runtime',
      'restore/plan': 'runtime',
      'restore/apply': 'backup restore/plan runtime',
      'create-activities.ts':
        'archive/export archive/import backup directory inventory restore/apply restore/plan run runtime schedule snapshot',
    },
    also: {
      runtime: ['type #temporal/connect.ts'],
      'archive/export': ['yazl'],
      'archive/import': ['yauzl'],
      'restore/apply': ['#graph/wire/write-outcome.ts', writerPort],
      'create-activities.ts': [writerPort],
    },
  },
  api: {
    why: 'A request reads Postgres and starts runs through src/temporal/run/run-starter.ts; it never calls Graph.',
    imports: [
      ...['#domain/**', '#db/**', '#temporal/run', '#temporal/schedule', 'type #config.ts'],
      ...['zod', 'uuid', ...node],
    ],
    never: ['#db/migrations/**'],
    folders: {
      http: '',
      auth: 'http',
      openapi: 'http',
      audit: 'http',
      tenant: 'http',
      run: 'http',
      inventory: 'http run',
      directory: 'auth http run',
      snapshot: 'http run',
      backup: 'http inventory run',
      archive: 'backup http run',
      restore: 'backup http run',
      schedule: 'backup http restore run',
      rerun: 'http run',
      '.': 'archive audit auth backup directory http inventory openapi rerun restore run schedule snapshot tenant',
    },
    also: {
      http: ['express', 'kysely', 'type #logger.ts'],
      auth: ['jose', 'kysely'],
      '.': ['express', 'helmet'],
    },
  },
  temporal: {
    why: 'src/temporal starts runs and hosts workers. It receives the activities and imports no workflow.',
    imports: [
      ...['#domain/**', '#db/**', 'type #config.ts', 'type #logger.ts'],
      ...['@temporalio/client', '@temporalio/common', 'kysely', 'uuid', ...node],
    ],
    never: ['#db/migrations/**'],
    folders: { '.': '', run: '.', schedule: '. run' },
    also: { '.': ['@temporalio/envconfig', '@temporalio/worker'] },
  },
  commands: {
    why: 'A command connects the parts of one process. Only the worker has activities and a Graph writer.',
    imports: [
      ...['#api', '#config.ts', '#db/**', '#domain/**', '#logger.ts', '#temporal/**'],
      ...['#graph/budget', '#graph/client.ts', '#graph/directory', '#graph/port'],
      ...['kysely', ...node],
    ],
    never: [writerPort],
    folders: { '.': '', 'worker.ts': '' },
    also: {
      'worker.ts': [
        ...['#activities/create-activities.ts', '#activities/runtime/settle-window.ts'],
        ...['type #activities/restore/apply/failpoint.ts', '#graph/graph-writers.ts'],
        '@temporalio/worker',
      ],
    },
  },
};

/** The files of src outside the layers. */
export const loneFiles: Readonly<Record<string, readonly string[]>> = {
  'main.ts': ['#commands', '#db/migrations/migrate.ts'],
  'config.ts': ['#domain/identity', '#domain/network', 'zod', 'node:fs'],
  'logger.ts': ['pino'],
};
