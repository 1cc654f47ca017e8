import { z } from 'zod';
import type { Page, PageRequest } from '#db/page.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';

/** The schema of a page of a list. */
export function listOf<S extends z.ZodType>(item: S) {
  return z.strictObject({ items: z.array(item), nextCursor: z.string().nullable() });
}

/** What the repositories want to know of the page that was asked for. */
export function pageRequest(
  list: string,
  query: { limit: number; cursor?: string | undefined },
): PageRequest {
  const before = query.cursor === undefined ? null : decodeCursor(list, query.cursor);
  return { limit: query.limit, before };
}

/** A page as the API shows it. */
export function pageView<Row, View>(
  list: string,
  page: Page<Row>,
  view: (row: Row) => View,
): { items: View[]; nextCursor: string | null } {
  return {
    items: page.rows.map(view),
    nextCursor: page.next === null ? null : encodeCursor(list, page.next),
  };
}
