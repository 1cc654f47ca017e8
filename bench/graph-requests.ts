import type { BenchStack, BenchTenant } from './bench-stack.ts';

/** The Graph requests of some work; the members of a batch count, its envelope does not. */
export interface GraphRequests {
  readonly total: number;
  readonly throttled: number;
  /** The arrivals of the writes that Graph did not throttle, in order, in milliseconds since the epoch. */
  readonly writesAtMs: readonly number[];
}

interface LogRow {
  readonly at: string;
  readonly method: string;
  readonly path: string;
  readonly status: number | null;
}

const tooManyRequests = 429;

/** Does some work, and returns its result with the tenant's Graph requests in the meantime. */
export async function withGraphRequests<T>(
  bench: BenchStack,
  { tenantId }: BenchTenant,
  work: () => Promise<T>,
): Promise<{ result: T; requests: GraphRequests }> {
  await bench.control('DELETE', '/requests');
  const result = await work();
  const rows = (await bench.control('GET', `/requests?tenant=${tenantId}`)) as LogRow[];
  const counted = rows.filter(({ path }) => path !== '/$batch');
  const throttled = counted.filter(({ status }) => status === tooManyRequests).length;
  const writesAtMs = counted
    .filter(({ method, status }) => method !== 'GET' && status !== tooManyRequests)
    .map(({ at }) => Date.parse(at));
  return { result, requests: { total: counted.length, throttled, writesAtMs } };
}
