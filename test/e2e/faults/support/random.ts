/** Numbers from 0 up to 1 that depend on the seed alone (a linear congruence, random enough for pauses). */
export function randomBy(start: number): () => number {
  let state = start;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
}
