/** A request for one page of a list ordered by a UUIDv7, newest first. */
export interface PageRequest {
  /** The caller has bounded this number of rows. */
  readonly limit: number;
  /** The id of the last row of the previous page, or null for the first page. */
  readonly before: string | null;
}

export interface Page<T> {
  readonly rows: T[];
  /** The value of `before` for the next page; null if this page is the last. */
  readonly next: string | null;
}

/** Cuts `limit + 1` fetched rows into a page; the extra row only proves a next page. */
export function toPage<T>(rows: T[], limit: number, idOf: (row: T) => string): Page<T> {
  const kept = rows.slice(0, limit);
  const last = kept.at(-1);
  return { rows: kept, next: rows.length > limit && last !== undefined ? idOf(last) : null };
}
