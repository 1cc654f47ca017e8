/** Joins a path and a query without its question mark. */
export function pathWithQuery(path: string, query: string | null): string {
  return query === null ? path : `${path}?${query}`;
}
