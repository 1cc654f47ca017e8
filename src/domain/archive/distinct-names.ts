import { collisionKey } from './safe-file-name.ts';

/** A file that wants a name. */
interface Wanted {
  readonly plain: string;
  /** The name with what makes it one of its kind. */
  readonly marked: string;
}

/**
 * Takes files with the names that they want and returns a name for each, in their order: the plain one where it is the
 * only one, the marked one where several want the same. So a name does not depend on the order of the files.
 */
export function distinctNames(wanted: readonly Wanted[]): string[] {
  const plain = countOf(wanted.map(({ plain: name }) => name));
  const chosen = wanted.map((one) =>
    (plain.get(collisionKey(one.plain)) ?? 0) > 1 ? one.marked : one.plain,
  );
  const taken = new Set<string>();
  return chosen.map((name) => {
    // A plain name may look like a marked one; the order of the files decides then.
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
