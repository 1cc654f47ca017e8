import type { BenchStack, BenchTenant } from './bench-stack.ts';

/** What a piece of work asked of Graph; members of a batch count, its envelope does not. */
export interface GraphRequests {
  readonly total: number;
  readonly throttled: number;
  /** When the writes arrived that Graph did not refuse for their number, in order, in milliseconds since the epoch. */
  readonly writesAtMs: readonly number[];
}

interface LogRow {
  readonly at: string;
  readonly method: string;
  readonly path: string;
  readonly status: number | null;
}

const tooManyRequests = 429;

/** Does some work and returns with it the requests that Graph got of a tenant meanwhile. */
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
