import { generateTenant } from '#test/support/generated-tenant.ts';
import type { BenchStack, BenchTenant } from './bench-stack.ts';

/** A generated tenant, and the simulator's objects of it. */
export interface SeededTenant extends BenchTenant {
  /** The number of generated policies. */
  readonly policies: number;
}

const seedBatch = 250;

/** Generates a tenant of so many policies over all collections, with the generator's difficult cases. */
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

/** An object in the simulator: children and assignments inside the body. */
export interface SimulatorObject {
  readonly path: string;
  readonly id: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** All objects of a tenant in the simulator. */
export async function simulatorObjects(
  bench: BenchStack,
  { tenantId }: BenchTenant,
): Promise<SimulatorObject[]> {
  return (await bench.control('GET', `/tenants/${tenantId}/objects`)) as SimulatorObject[];
}

/** The number of elements in a list of a body; 0 without the list. */
export function lengthOf(body: Readonly<Record<string, unknown>>, name: string): number {
  const list = body[name];
  return Array.isArray(list) ? list.length : 0;
}
