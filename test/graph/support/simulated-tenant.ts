import { randomUUID } from 'node:crypto';
import { createGraphBudget } from '#db/budget/graph-budget.ts';
import { type DatabasePool, inTenant } from '#db/database.ts';
import { insertTenant } from '#db/tenant/tenants.ts';
import type { budgetLimits } from '#graph/budget/budget-limits.ts';
import { createGraph } from '#graph/client.ts';
import { createGraphWriters } from '#graph/graph-writers.ts';
import type { GraphReader, ReaderOptions } from '#graph/port/graph-reader.ts';
import type { GraphWriter } from '#graph/port/graph-writer.ts';
import type { RunningSimulator } from '#simulator/server.ts';
import type { TestDatabase } from '#test/support/database.ts';
import { graphConfig } from './fake-graph.ts';

/** A call in the simulator's log. */
export interface LoggedCall {
  readonly at: string;
  readonly method: string;
  readonly path: string;
  readonly status: number | null;
  readonly batch: number | null;
}

/** A tenant in the simulator and in the database, with access to the simulator's control API. */
export interface SimulatedTenant {
  readonly tenantId: string;
  readonly control: (method: string, path: string, body?: unknown) => Promise<unknown>;
  /** Seeds `count` policies and returns their paths. */
  readonly seedPolicies: (count: number) => Promise<string[]>;
  /** Creates a reader as in a process of its own, with a budget in the database. */
  readonly reader: (
    limits: ReturnType<typeof budgetLimits>,
    options?: CallerOptions,
  ) => GraphReader;
  /** Creates a writer as in a process of its own, with a budget in the database. */
  readonly writer: (
    limits: ReturnType<typeof budgetLimits>,
    options?: CallerOptions,
  ) => GraphWriter;
  /** The tenant's requests as Graph counts them: members and plain calls, but no batches. */
  readonly requests: () => Promise<LoggedCall[]>;
}

export interface CallerOptions extends ReaderOptions {
  readonly pool?: DatabasePool | undefined;
  readonly slowStart?: boolean | undefined;
}

const collection = '/deviceManagement/deviceConfigurations';

/** Creates a tenant in the running simulator and in the database. */
export async function simulatedTenant(
  simulator: RunningSimulator,
  database: TestDatabase,
): Promise<SimulatedTenant> {
  const tenantId = randomUUID();
  const control: SimulatedTenant['control'] = async (method, path, body) => {
    const headers = { 'content-type': 'application/json' };
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const response = await fetch(`${simulator.url}/_sim${path}`, { method, headers, ...sent });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status}`);
    return response.status === 204 ? null : response.json();
  };
  await control('PUT', `/tenants/${tenantId}`, { displayName: 'Contoso' });
  await inTenant(database.app.db, tenantId, (trx) =>
    insertTenant(trx, { displayName: 'Contoso', createdBy: 'x' }),
  );
  const budgetOf = (
    limits: ReturnType<typeof budgetLimits>,
    { pool = database.app, slowStart = true }: Pick<CallerOptions, 'pool' | 'slowStart'>,
  ) => createGraphBudget({ db: pool.db, worker: randomUUID(), limits, slowStart });
  return {
    tenantId,
    control,
    seedPolicies: async (count) => {
      const ids = Array.from({ length: count }, () => randomUUID());
      const type = '#microsoft.graph.windows10CustomConfiguration';
      const body = { '@odata.type': type, displayName: 'Simple', omaSettings: [] };
      const objects = ids.map((id) => ({ path: collection, body: { ...body, id } }));
      await control('POST', `/tenants/${tenantId}/objects`, objects);
      return ids.map((id) => `${collection}/${id}`);
    },
    reader: (limits, { pool, slowStart, ...options } = {}) => {
      const budget = budgetOf(limits, { pool, slowStart });
      return createGraph(graphConfig(simulator.url), { budget }).readerFor(tenantId, options);
    },
    writer: (limits, options = {}) => {
      const budget = budgetOf(limits, options);
      return createGraphWriters(graphConfig(simulator.url), { budget }).writerFor(tenantId);
    },
    requests: async () => {
      const rows = (await control('GET', `/requests?tenant=${tenantId}`)) as
        LoggedCall[] | { value: LoggedCall[] };
      return (Array.isArray(rows) ? rows : rows.value).filter(({ path }) => path !== '/$batch');
    },
  };
}
