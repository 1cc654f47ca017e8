import { groups } from '#test/support/generated/groups.ts';
import { otherMakers } from '#test/support/generated/makers.ts';
import {
  makeObject,
  type ObjectMaker,
  type SeedBody,
} from '#test/support/generated/object-maker.ts';
import { settingsCatalog } from '#test/support/generated/settings-catalog.ts';

/** An object to be seeded: the path of its collection, and its body with children and assignments inside. */
export interface SeedObject {
  readonly path: string;
  readonly body: SeedBody;
}

/** The size of a generated tenant and what makes it the one that it is. */
export interface GeneratedTenant {
  /** How many objects it has, not counting groups; at least `policiesMin`. */
  readonly policies: number;
  readonly seed: number;
  /** Whether some objects refer to others that do not exist; they do by default. */
  readonly dangling?: boolean;
  /** Whether some hold secrets that Graph tells nobody; they do by default. */
  readonly secrets?: boolean;
}

const othersMin = otherMakers.reduce((sum, { countMin }) => sum + countMin, 0);

/** The least of each kind, and as many of the settings catalog. */
export const policiesMin = othersMin * 2;

/**
 * The objects of a tenant: 60 groups, then exactly `policies` objects over all collections, half of them of the settings
 * catalog. The same options always give the same objects, whose ids, names and references depend on the seed.
 * Throws RangeError for fewer policies than there are kinds.
 */
export function generateTenant({
  policies,
  seed,
  dangling = true,
  secrets = true,
}: GeneratedTenant): SeedObject[] {
  if (policies < policiesMin) throw new RangeError(`a tenant has at least ${policiesMin} policies`);
  const shares = shareOut(policies);
  const counts = new Map(shares.map(([kind, count]) => [kind.path, count]));
  const objects = shares.flatMap(([kind, count]) =>
    Array.from({ length: count }, (_, index) => ({
      path: kind.path,
      body: makeObject(kind, { seed, index, counts, dangling, secrets }),
    })),
  );
  return [...groups(seed), ...objects];
}

/** How many objects of each kind there are, by the path that they are seeded at. */
export function countsByPath(objects: readonly SeedObject[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { path } of objects) counts.set(path, (counts.get(path) ?? 0) + 1);
  return counts;
}

/** Half for the settings catalog; the other kinds share the rest by weight, within their limits. */
function shareOut(policies: number): [ObjectMaker, number][] {
  const others = Math.ceil(policies / 2);
  const spare = others - othersMin;
  const weights = otherMakers.reduce((sum, { weight }) => sum + weight, 0);
  const shares = otherMakers.map((kind): [ObjectMaker, number] => [
    kind,
    Math.min(kind.countMax, kind.countMin + Math.floor((spare * kind.weight) / weights)),
  ]);
  const shared = shares.reduce((sum, [, count]) => sum + count, 0);
  return [...shares, [settingsCatalog, policies - shared]];
}
