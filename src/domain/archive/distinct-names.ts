import { collisionKey } from './safe-file-name.ts';

/** A file and its possible names. */
interface Wanted {
  readonly plain: string;
  /** The name with a mark that makes it unique. */
  readonly marked: string;
}

/**
 * Chooses a name for each file: the plain one if it is unique, the marked one otherwise. So the names do not depend on
 * the order of the files.
 */
export function distinctNames(wanted: readonly Wanted[]): string[] {
  const plain = countOf(wanted.map(({ plain: name }) => name));
  const chosen = wanted.map((one) =>
    (plain.get(collisionKey(one.plain)) ?? 0) > 1 ? one.marked : one.plain,
  );
  const taken = new Set<string>();
  return chosen.map((name) => {
    // A plain name may equal a marked one; then the order of the files decides.
    let free = name;
    for (let more = 2; taken.has(collisionKey(free)); more += 1) free = `${name}~${more}`;
    taken.add(collisionKey(free));
    return free;
  });
}

function countOf(names: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) {
    const key = collisionKey(name);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}
