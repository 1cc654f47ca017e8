/** Takes a path and a query without its question mark, and returns both as one. */
export function pathWithQuery(path: string, query: string | null): string {
  return query === null ? path : `${path}?${query}`;
}
