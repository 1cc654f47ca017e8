import { policyKey } from '#domain/identity/graph-id.ts';
import { findPolicyType } from '#domain/policy-types/catalogue.ts';

/** The facts about an item that decide its place in the order. */
export interface OrderedItem {
  readonly itemId: string;
  readonly policyType: string;
  readonly displayName: string;
  /** The id in the source. */
  readonly graphId: string;
  /** The priority in the backup; null without one. */
  readonly priority: number | null;
}

/** A reference from an item to an object of the source. */
export interface ItemReference {
  readonly itemId: string;
  readonly policyType: string;
  readonly graphId: string;
}

/** The place in the order of types that Graph does not let a restore write. */
const waveOfUnwritten = 5;

/**
 * Orders items for writing. Items of one group do not depend on each other; each group waits for the previous groups.
 * The catalogue's wave decides first, then references (the referenced item goes first), then type and name. A cycle of
 * references is broken at one of its items. Types with priorities go one by one, in ascending order, after all others
 * of their wave: Graph renumbers the neighbours each time.
 */
export function orderItems(
  items: readonly OrderedItem[],
  references: readonly ItemReference[],
): { itemId: string; group: number }[] {
  const sorted = [...items].sort(byTypeAndName);
  const depths = depthsOf(sorted, references);
  const places = sorted.map((item) => placeOf(item, depths.get(item.itemId) ?? 0)).sort(byPlace);
  let group = 0;
  return places.map((place, at) => {
    const previous = places[at - 1];
    if (previous !== undefined && !areTogether(previous, place)) group += 1;
    return { itemId: place.itemId, group };
  });
}

interface Place extends OrderedItem {
  readonly wave: number;
  /** Infinity for items that go one by one. */
  readonly depth: number;
}

function placeOf(item: OrderedItem, depth: number): Place {
  const { steps = [] } = findPolicyType(item.policyType)?.restore ?? {};
  const isOneByOne = steps.some(({ step }) => step === 'setPriority');
  return { ...item, wave: waveOf(item), depth: isOneByOne ? Infinity : depth };
}

function areTogether(one: Place, other: Place): boolean {
  return one.wave === other.wave && one.depth === other.depth && one.depth !== Infinity;
}

function byPlace(one: Place, other: Place): number {
  if (one.wave !== other.wave) return one.wave - other.wave;
  if (one.depth !== other.depth) return one.depth < other.depth ? -1 : 1;
  if (one.depth === Infinity && one.policyType === other.policyType) {
    const [first, second] = [one.priority ?? Infinity, other.priority ?? Infinity];
    if (first !== second) return first < second ? -1 : 1;
  }
  return byTypeAndName(one, other);
}

function byTypeAndName(one: OrderedItem, other: OrderedItem): number {
  return (
    compare(one.policyType, other.policyType) ||
    compare(one.displayName, other.displayName) ||
    compare(one.itemId, other.itemId)
  );
}

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

/**
 * The length of the longest chain of references below each item, within its wave. A stack instead of recursion: a chain
 * may be as long as the set.
 */
function depthsOf(
  items: readonly OrderedItem[],
  references: readonly ItemReference[],
): ReadonlyMap<string, number> {
  const needs = neededItems(items, references);
  const entered = new Set<string>();
  const depths = new Map<string, number>();
  const open = items.map(({ itemId }) => itemId);
  for (let itemId = open.at(-1); itemId !== undefined; itemId = open.at(-1)) {
    const needed = needs.get(itemId) ?? [];
    if (depths.has(itemId)) {
      open.pop();
    } else if (entered.has(itemId)) {
      // A needed item without a depth is on the current path: this reference closes a cycle and is dropped.
      const below = needed.map((one) => depths.get(one) ?? -1);
      depths.set(itemId, below.reduce((most, one) => Math.max(most, one), -1) + 1);
    } else {
      entered.add(itemId);
      open.push(...needed.filter((one) => !entered.has(one)));
    }
  }
  return depths;
}

/** By item, the referenced items of the same wave. */
function neededItems(
  items: readonly OrderedItem[],
  references: readonly ItemReference[],
): ReadonlyMap<string, string[]> {
  const byId = new Map(items.map((item) => [item.itemId, item]));
  const bySource = new Map(items.map((item) => [policyKey(item.policyType, item.graphId), item]));
  const needs = new Map<string, string[]>();
  for (const { itemId, policyType, graphId } of references) {
    const [item, needed] = [byId.get(itemId), bySource.get(policyKey(policyType, graphId))];
    if (item === undefined || needed === undefined || item === needed) continue;
    if (waveOf(item) !== waveOf(needed)) continue;
    const known = needs.get(itemId);
    if (known === undefined) needs.set(itemId, [needed.itemId]);
    else known.push(needed.itemId);
  }
  return needs;
}

function waveOf({ policyType }: OrderedItem): number {
  return findPolicyType(policyType)?.restore?.wave ?? waveOfUnwritten;
}
