import type { StackUnderTest } from '#test/e2e/support/stack-under-test.ts';

/** The faults of writes, by name. */
export interface WriteFault {
  readonly name: string;
  /** From 0 to 1. */
  readonly share: number;
  /** The most faults for writes of one method; unlimited by default. */
  readonly times?: number;
  readonly effect: Readonly<Record<string, unknown>>;
}

/** The simulator reports the number of faults only for rules with a limit; faults never reach this limit. */
const timesMax = 1_000_000;
const methods = ['POST', 'PUT', 'PATCH', 'DELETE'];

/** Injects faults into shares of a tenant's writes, but not into batches, which hold only reads. */
export async function failWrites(
  { simulator }: StackUnderTest,
  tenant: string,
  faults: readonly WriteFault[],
): Promise<void> {
  const rules = faults.flatMap(({ share, times = timesMax, effect }) =>
    methods.map((method) => ({
      match: { tenant, method, path: '^/device' },
      times,
      probability: share,
      effect,
    })),
  );
  await simulator.faults(rules);
}

/** The number of times that each fault has acted. */
export async function actedFaults(
  { simulator }: StackUnderTest,
  faults: readonly WriteFault[],
): Promise<Record<string, number>> {
  const rules = JSON.parse(await simulator.control('GET', '/faults')) as { left: number }[];
  return Object.fromEntries(
    faults.map(({ name, times = timesMax }, at) => {
      const ofFault = rules.slice(at * methods.length, (at + 1) * methods.length);
      return [name, ofFault.reduce((sum, { left }) => sum + times - left, 0)];
    }),
  );
}
