import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { z } from 'zod';

/** One policy of a type as stored in a tenant, and the expected findings of its capture. */
const sampleSchema = z.strictObject({
  /** The object with its children and assignments, as seeded in the simulator. */
  body: z.looseObject({ id: z.string() }),
  /** Its references, as `type id`. */
  references: z.array(z.string()).default([]),
  /** The codes of the capture's warnings. */
  warnings: z.array(z.string()).default([]),
});

export type Sample = z.infer<typeof sampleSchema>;

const folder = new URL('../samples/', import.meta.url);

/** Returns the sample of a type; a type without a sample is untested, and so unsupported. */
export function sampleOf(type: string): Sample {
  const file = new URL(`${type}.json`, folder);
  if (!existsSync(file)) throw new Error(`there is no test/graph/samples/${type}.json`);
  return sampleSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
}

/** Returns the types with a sample. */
export function sampledTypes(): string[] {
  return readdirSync(folder).map((name) => name.replace(/\.json$/, ''));
}
