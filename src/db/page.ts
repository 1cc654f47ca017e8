/** One page of a list that is ordered by a UUIDv7, newest first. */
export interface PageRequest {
  /** Rows wanted; the caller has bounded it. */
  readonly limit: number;
  /** The id of the last row of the page before, or null for the first page. */
  readonly before: string | null;
}

export interface Page<T> {
  readonly rows: T[];
  /** What `before` must be for the next page; null when there is none. */
  readonly next: string | null;
}

/** Cuts `limit + 1` fetched rows into a page; the extra row only tells that there is more. */
export function toPage<T>(rows: T[], limit: number, idOf: (row: T) => string): Page<T> {
  const kept = rows.slice(0, limit);
  const last = kept.at(-1);
  return { rows: kept, next: rows.length > limit && last !== undefined ? idOf(last) : null };
}
