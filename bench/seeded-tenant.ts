import { generateTenant } from '#test/support/generated-tenant.ts';
import type { BenchStack, BenchTenant } from './bench-stack.ts';

/** A generated tenant, and what the simulator holds of it. */
export interface SeededTenant extends BenchTenant {
  /** How many policies were generated. */
  readonly policies: number;
}

const seedBatch = 250;

/** Makes a tenant of that many policies over all collections, with what trips others: see the generator. */
export async function seedTenant(
  bench: BenchStack,
  policies: number,
  dangling: boolean = true,
): Promise<SeededTenant> {
  const tenant = await bench.newTenant(`Generated ${policies}`);
  const objects = generateTenant({ policies, seed: policies, dangling });
  for (let first = 0; first < objects.length; first += seedBatch) {
    const batch = objects.slice(first, first + seedBatch);
    await bench.control('POST', `/tenants/${tenant.tenantId}/objects`, batch);
  }
  return { ...tenant, policies };
}

/** An object as the simulator keeps it: children and assignments inside the body. */
export interface SimulatorObject {
  readonly path: string;
  readonly id: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Everything that the simulator holds of a tenant. */
export async function simulatorObjects(
  bench: BenchStack,
  { tenantId }: BenchTenant,
): Promise<SimulatorObject[]> {
  return (await bench.control('GET', `/tenants/${tenantId}/objects`)) as SimulatorObject[];
}

/** How many elements a list of a body has; none where there is no list. */
export function lengthOf(body: Readonly<Record<string, unknown>>, name: string): number {
  const list = body[name];
  return Array.isArray(list) ? list.length : 0;
}
