const placeholder = /tenantry:created:([0-9a-f-]{36})/g;

/** The items of the restore whose objects a planned document refers to before they exist. */
export function awaitedItems(desired: string): string[] {
  return [...new Set([...desired.matchAll(placeholder)].map(([, itemId = '']) => itemId))];
}

/** The planned document with the ids of the objects created since, by item; null while one of them is missing. */
export function withCreatedIds(
  desired: string,
  graphIds: ReadonlyMap<string, string>,
): string | null {
  if (awaitedItems(desired).some((itemId) => !graphIds.has(itemId))) return null;
  // Inside a string: the id in JSON's spelling, without its quotes.
  return desired.replace(placeholder, (_, itemId: string) =>
    JSON.stringify(graphIds.get(itemId)).slice(1, -1),
  );
}
