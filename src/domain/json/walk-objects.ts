/**
 * Takes parsed JSON and yields every object and array in it, the given ones first. A list of work instead of
 * recursion: how deep an answer goes is not ours to decide.
 */
export function* walkObjects(parts: readonly unknown[]): Generator<object, void, void> {
  const open: unknown[] = [...parts];
  while (open.length > 0) {
    const part = open.pop();
    if (typeof part !== 'object' || part === null) continue;
    yield part;
    for (const value of Object.values(part)) if (typeof value === 'object') open.push(value);
  }
}
