import type { StackUnderTest } from '#test/e2e/support/stack-under-test.ts';

/** What happens to writes, by its name. */
export interface WriteFault {
  readonly name: string;
  /** From 0 to 1. */
  readonly share: number;
  /** How often at most to writes of one method; without a limit unless given. */
  readonly times?: number;
  readonly effect: Readonly<Record<string, unknown>>;
}

/** With a limit the simulator tells how often a rule has acted; this one is never reached. */
const timesMax = 1_000_000;
const methods = ['POST', 'PUT', 'PATCH', 'DELETE'];

/** Lets shares of a tenant's writes go wrong. The envelope of batches, which holds reads alone, is left out. */
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

/** How often each fault has acted. */
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
