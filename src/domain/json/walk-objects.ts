/**
 * Yields every object and array of parsed JSON, the given ones first. It uses a stack of its own instead of recursion,
 * because the depth of an answer is not bounded here.
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
