import { policyKey } from '#domain/identity/graph-id.ts';
import { findPolicyType } from '#domain/policy-types/catalogue.ts';
import type { FoundBy, Target } from '#domain/restore/plan.ts';

interface Likeness {
  readonly policyType: string;
  readonly graphId: string;
  readonly displayName: string;
  /** Null if unknown. */
  readonly odataType: string | null;
  readonly platform: string | null;
}

/** An item of a backup set; `graphId` is its id in the source. */
export interface MatchedItem extends Likeness {
  readonly itemId: string;
  /** True if the restore covers the item. The other items matter because they may own an object. */
  readonly inScope: boolean;
}

export interface MatchInput {
  /** All items of the set, of the types concerned. */
  readonly items: readonly MatchedItem[];
  /** The tenant's objects of those types. */
  readonly live: readonly Likeness[];
  /** The object that an earlier restore created or found for an object of the source. */
  readonly mapping: (policyType: string, sourceGraphId: string) => string | null;
  readonly sameTenant: boolean;
}

/**
 * Finds the tenant's object for each item in scope: by id in the item's own tenant, by the mapping of earlier restores
 * while the object exists, or by type and name.
 *
 * Names need not be unique, and a wrong match would overwrite a foreign object. So a name decides only if exactly one
 * unmatched item and one unmatched object fit each other and nothing else. With more objects than items, or fewer,
 * every match or creation would be a guess: all of the items are ambiguous. No two items ever get the same object. Time
 * is linear in the number of items and objects.
 */
export function matchTargets(input: MatchInput): ReadonlyMap<string, Target> {
  const live = new Map(input.live.map((one) => [policyKey(one.policyType, one.graphId), one]));
  const matches = new Map<string, Target>();
  const taken = new Set<string>();
  matchByIds(input, live, matches, taken);
  const unmatched = input.items.filter(({ itemId }) => !matches.has(itemId));
  const free = [...live].flatMap(([key, one]) => (taken.has(key) ? [] : [one]));
  const itemsByName = Map.groupBy(unmatched, nameKey);
  const liveByName = Map.groupBy(free, nameKey);
  for (const [name, items] of itemsByName) {
    matchByName(items, liveByName.get(name) ?? [], matches);
  }
  if (!input.sameTenant) withholdFixedIds(input.items, live, matches);
  return new Map(
    input.items.flatMap(({ itemId, inScope }) => {
      const target = matches.get(itemId);
      return inScope && target !== undefined ? [[itemId, target] as const] : [];
    }),
  );
}

function nameKey({ policyType, displayName }: Likeness): string {
  return `${policyType} ${displayName}`;
}

function existing(graphId: string, foundBy: FoundBy): Target {
  return { kind: 'exists', graphId, foundBy };
}

/** Matches by id and by mapping, independent of names. An object claimed by two items belongs to neither. */
function matchByIds(
  { items, mapping, sameTenant }: MatchInput,
  live: ReadonlyMap<string, Likeness>,
  matches: Map<string, Target>,
  taken: Set<string>,
): void {
  for (const step of ['id', 'mapping'] as const) {
    const open = items.filter(({ itemId }) => !matches.has(itemId));
    const claims = Map.groupBy(open, ({ policyType, graphId }) => {
      const id = step === 'mapping' ? mapping(policyType, graphId) : sameTenant ? graphId : null;
      return id === null ? null : policyKey(policyType, id);
    });
    for (const [key, claimants] of claims) {
      const object = key === null ? undefined : live.get(key);
      if (key === null || object === undefined || taken.has(key)) continue;
      taken.add(key);
      const target: Target =
        claimants.length === 1
          ? existing(object.graphId, step)
          : { kind: 'ambiguous', candidates: 1 };
      for (const { itemId } of claimants) matches.set(itemId, target);
    }
  }
}

/** Settles all unmatched items of one name. */
function matchByName(
  items: readonly MatchedItem[],
  live: readonly Likeness[],
  matches: Map<string, Target>,
): void {
  // One name may occur thousands of times, but there are few kinds.
  const itemKinds = [...Map.groupBy(items, kindKey).values()];
  const liveKinds = [...Map.groupBy(live, kindKey).values()];
  for (const alike of itemKinds) {
    const fitting = liveKinds.filter((kind) => fits(alike, kind));
    const candidates = fitting.reduce((count, kind) => count + kind.length, 0);
    const [only] = fitting.flat();
    const rivals = itemKinds
      .filter((kind) => fitting.some((objects) => fits(kind, objects)))
      .reduce((count, kind) => count + kind.length, 0);
    for (const { itemId } of alike) {
      matches.set(itemId, targetByName(only, candidates, rivals));
    }
  }
}

function targetByName(only: Likeness | undefined, candidates: number, rivals: number): Target {
  if (only === undefined) return { kind: 'create' };
  if (candidates === 1 && rivals === 1) return existing(only.graphId, 'name');
  return { kind: 'ambiguous', candidates };
}

function kindKey({ odataType, platform }: Likeness): string {
  return JSON.stringify([odataType, platform]);
}

/** True if an item and an object of one name may be the same, as far as their kinds are known. */
function fits([item]: readonly Likeness[], [object]: readonly Likeness[]): boolean {
  if (item === undefined || object === undefined) return false;
  const agree = (one: string | null, other: string | null) =>
    one === null || other === null || one === other;
  return agree(item.odataType, object.odataType) && agree(item.platform, object.platform);
}

/**
 * Types with fixed ids from Microsoft: `c1` of another tenant differs in meaning from `c1` of this one, and a create
 * under a used id would overwrite its object.
 */
function withholdFixedIds(
  items: readonly MatchedItem[],
  live: ReadonlyMap<string, Likeness>,
  matches: Map<string, Target>,
): void {
  for (const { itemId, policyType, graphId } of items) {
    if (matches.get(itemId)?.kind !== 'create' || !live.has(policyKey(policyType, graphId)))
      continue;
    if (findPolicyType(policyType)?.restore?.create.by !== 'fixedId') continue;
    matches.set(itemId, { kind: 'ambiguous', candidates: 1 });
  }
}
