import type { Parsed } from '#domain/json/json-literals.ts';

/** The differences between two lists. */
export interface Pairs {
  readonly missing: readonly Parsed[];
  readonly changed: readonly { readonly desired: Parsed; readonly live: Parsed }[];
  readonly surplus: readonly Parsed[];
}

/**
 * Pairs the elements of two lists by key. Equal elements belong together in any order; the rest of a key is paired in
 * order.
 */
export function pair(
  desired: readonly Parsed[],
  live: readonly Parsed[],
  keyOf: (element: Parsed) => string,
  same: (one: Parsed, other: Parsed) => boolean,
): Pairs {
  const left = new Map<string, Parsed[]>();
  for (const element of live) {
    left.set(keyOf(element), [...(left.get(keyOf(element)) ?? []), element]);
  }
  const unequal = desired.filter((element) => {
    const others = left.get(keyOf(element)) ?? [];
    const at = others.findIndex((other) => same(element, other));
    if (at !== -1) others.splice(at, 1);
    return at === -1;
  });
  const missing: Parsed[] = [];
  const changed: { desired: Parsed; live: Parsed }[] = [];
  for (const element of unequal) {
    const other = left.get(keyOf(element))?.shift();
    if (other === undefined) missing.push(element);
    else changed.push({ desired: element, live: other });
  }
  return { missing, changed, surplus: [...left.values()].flat() };
}
