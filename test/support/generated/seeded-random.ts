import { createHash } from 'node:crypto';

/** Random numbers, always the same for the same name. */
export interface SeededRandom {
  /** A whole number from 0 to `below` - 1. */
  readonly below: (below: number) => number;
  readonly pick: <Values extends readonly [unknown, ...unknown[]]>(
    values: Values,
  ) => Values[number];
  /** True in about `percent` of 100 cases. */
  readonly chance: (percent: number) => boolean;
}

/** A random source for each name, so no object depends on the number of other objects. */
export function seededRandom(name: string): SeededRandom {
  let state = createHash('sha256').update(name).digest().readUInt32LE(0);
  const next = (): number => {
    // Marsaglia's xorshift, which would keep a state of zero.
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state = state >>> 0 || 0x9e3779b9;
    return state / 0x1_0000_0000;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    below,
    pick: (values) => values[below(values.length)] ?? values[0],
    chance: (percent) => below(100) < percent,
  };
}

/** A GUID, always the same for the same name. */
export function namedGuid(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
