import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { z } from 'zod';

/** One policy of a type, as it would be in a tenant, and what a capture of it has to find. */
const sampleSchema = z.strictObject({
  /** The object with its children and assignments inside, as the simulator is seeded with it. */
  body: z.looseObject({ id: z.string() }),
  /** The policies that it points to, as `type id`. */
  references: z.array(z.string()).default([]),
  /** The codes of the capture's warnings. */
  warnings: z.array(z.string()).default([]),
});

export type Sample = z.infer<typeof sampleSchema>;

const folder = new URL('../samples/', import.meta.url);

/** The sample of a type; a type without one is not tested, and so not supported. */
export function sampleOf(type: string): Sample {
  const file = new URL(`${type}.json`, folder);
  if (!existsSync(file)) throw new Error(`there is no test/graph/samples/${type}.json`);
  return sampleSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
}

/** The types that there are samples of. */
export function sampledTypes(): string[] {
  return readdirSync(folder).map((name) => name.replace(/\.json$/, ''));
}
