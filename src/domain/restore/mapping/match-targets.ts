import { policyKey } from '#domain/identity/graph-id.ts';
import { findPolicyType } from '#domain/policy-types/catalogue.ts';
import type { FoundBy, Target } from '#domain/restore/plan.ts';

interface Likeness {
  readonly policyType: string;
  readonly graphId: string;
  readonly displayName: string;
  /** Null where it is not known. */
  readonly odataType: string | null;
  readonly platform: string | null;
}

/** An item of a backup set; `graphId` is its id in the source. */
export interface MatchedItem extends Likeness {
  readonly itemId: string;
  /** Whether it is to be restored. The others tell which objects are already spoken for. */
  readonly inScope: boolean;
}

export interface MatchInput {
  /** All of the set, of the types concerned. */
  readonly items: readonly MatchedItem[];
  /** What the tenant has of those types. */
  readonly live: readonly Likeness[];
  /** The object that an earlier restore has made of, or found for, one of the source. */
  readonly mapping: (policyType: string, sourceGraphId: string) => string | null;
  readonly sameTenant: boolean;
}

/**
 * Finds for each item in scope the object of the tenant that it stands for: by its id in its own tenant, by the mapping
 * of earlier restores while that object is there, or by type and name.
 *
 * Names need not be unique, and an object taken for another would be overwritten. So a name decides only where one
 * item without an object and one object without an item are left that fit each other and nothing else. With more
 * objects than items, nothing tells which is meant; with fewer, nothing tells which item the object is, and to create
 * the others would be a guess, too. All of them are ambiguous. No two items ever get the same object.
 * Takes time in proportion to the number of items and objects.
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

/** What stands fast whatever things are called. An object that two items claim in this way is neither's. */
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

/** Takes what is left under one name, and settles all of it. */
function matchByName(
  items: readonly MatchedItem[],
  live: readonly Likeness[],
  matches: Map<string, Target>,
): void {
  // Of one name there may be thousands; of kinds there are a few.
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

/** Whether what bears one name may be the same thing, as far as is known. */
function fits([item]: readonly Likeness[], [object]: readonly Likeness[]): boolean {
  if (item === undefined || object === undefined) return false;
  const agree = (one: string | null, other: string | null) =>
    one === null || other === null || one === other;
  return agree(item.odataType, object.odataType) && agree(item.platform, object.platform);
}

/**
 * Of types whose ids Microsoft gives, `c1` of another tenant means something else than `c1` of this one, and what is
 * created under an id that is in use would overwrite it.
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
