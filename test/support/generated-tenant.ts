import { groups } from '#test/support/generated/groups.ts';
import { otherMakers } from '#test/support/generated/makers.ts';
import {
  makeObject,
  type ObjectMaker,
  type SeedBody,
} from '#test/support/generated/object-maker.ts';
import { settingsCatalog } from '#test/support/generated/settings-catalog.ts';

/** An object to seed: the path of its collection, and its body with children and assignments inside. */
export interface SeedObject {
  readonly path: string;
  readonly body: SeedBody;
}

/** The size and the content of a generated tenant. */
export interface GeneratedTenant {
  /** The number of objects without groups; at least `policiesMin`. */
  readonly policies: number;
  readonly seed: number;
  /** False for a tenant without references to missing objects. */
  readonly dangling?: boolean;
  /** False for a tenant without secrets, which Graph never returns. */
  readonly secrets?: boolean;
}

const othersMin = otherMakers.reduce((sum, { countMin }) => sum + countMin, 0);

/** The minimum of each kind, and the same number in the settings catalog. */
export const policiesMin = othersMin * 2;

/**
 * Generates the objects of a tenant: 60 groups, then exactly `policies` objects over all collections, half of them in
 * the settings catalog. The same options always give the same objects, with ids, names and references from the seed.
 * Throws RangeError for fewer policies than kinds.
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

/** The number of objects of each kind, by their path. */
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
