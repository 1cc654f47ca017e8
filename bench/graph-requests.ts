import type { BenchStack, BenchTenant } from './bench-stack.ts';

/** What a piece of work asked of Graph; members of a batch count, its envelope does not. */
export interface GraphRequests {
  readonly total: number;
  readonly throttled: number;
}

interface LogRow {
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
  return { result, requests: { total: counted.length, throttled } };
}
