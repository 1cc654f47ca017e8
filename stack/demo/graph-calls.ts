import { table } from './table.ts';

interface LogRow {
  method: string;
  path: string;
  status: number;
  /** Set on the members of a `$batch`. */
  batch: unknown;
}

const timeoutMs = 30_000;

/**
 * Counts the simulator's Graph requests for a tenant, by method. A `$batch` counts as one call; its
 * members, which Graph counts against its limits, are counted apart.
 */
export async function countGraphCalls(simulatorUrl: string, tenantId: string): Promise<string[]> {
  const response = await fetch(`${simulatorUrl}/_sim/requests?tenant=${tenantId}`, {
    signal: AbortSignal.timeout(timeoutMs),
  });
  if (!response.ok) throw new Error(`The simulator's log answers ${response.status}`);
  const rows = (await response.json()) as LogRow[];
  const counts = new Map<string, { calls: number; refused: number }>();
  for (const row of rows) {
    const kind = kindOf(row);
    const count = counts.get(kind) ?? { calls: 0, refused: 0 };
    count.calls += 1;
    if (row.status >= 400) count.refused += 1;
    counts.set(kind, count);
  }
  const lines = [...counts].map(([kind, { calls, refused }]) => [kind, `${calls}`, `${refused}`]);
  return table(['Graph calls', 'count', 'refused'], lines.sort());
}

function kindOf({ method, path, batch }: LogRow): string {
  if (isBatchEnvelope(path)) return '$batch envelopes';
  return batch ? `${method} in a $batch` : method;
}

function isBatchEnvelope(path: string): boolean {
  return path.split('?')[0]?.endsWith('/$batch') ?? false;
}
