const placeholder = /tenantry:created:([0-9a-f-]{36})/g;

/** Takes a planned document and returns the items of its restore whose objects it refers to before they are there. */
export function awaitedItems(desired: string): string[] {
  return [...new Set([...desired.matchAll(placeholder)].map(([, itemId = '']) => itemId))];
}

/**
 * Takes a planned document and the ids of the objects that have been made meanwhile, by item, and returns the document
 * with these; null while one of them is not there.
 */
export function withCreatedIds(
  desired: string,
  graphIds: ReadonlyMap<string, string>,
): string | null {
  if (awaitedItems(desired).some((itemId) => !graphIds.has(itemId))) return null;
  // Within the text of a string: the id as JSON writes it, without its quotes.
  return desired.replace(placeholder, (_, itemId: string) =>
    JSON.stringify(graphIds.get(itemId)).slice(1, -1),
  );
}
