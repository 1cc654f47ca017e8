import { type Kernel, simulate } from '#test/support/kernel.ts';

export interface GraphCall {
  readonly seq: number;
  readonly at: string;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly status: number | null;
}

/** The calls to a tenant's Graph in the order of arrival. */
export async function graphCalls(
  kernel: Pick<Kernel, 'simulatorUrl'>,
  tenantId: string,
): Promise<GraphCall[]> {
  const rows = await simulate(kernel.simulatorUrl, 'GET', `/requests?tenant=${tenantId}`);
  return rows as GraphCall[];
}

export interface Fault {
  readonly match: { tenant?: string; method?: string; path?: string };
  readonly times?: number;
  readonly effect: {
    status?: number;
    retryAfter?: number;
    delayMs?: number;
    drop?: 'before' | 'after' | 'late';
  };
}

/** Replaces the faults of the simulator; the first match acts. */
export async function setFaults(
  kernel: Pick<Kernel, 'simulatorUrl'>,
  faults: readonly Fault[],
): Promise<void> {
  await simulate(kernel.simulatorUrl, 'PUT', '/faults', faults);
}
