import { z } from 'zod';
import type { Page, PageRequest } from '#db/page.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';

export function listOf<S extends z.ZodType>(item: S) {
  return z.strictObject({ items: z.array(item), nextCursor: z.string().nullable() });
}

/** The requested page in the form of the repositories. */
export function pageRequest(
  list: string,
  query: { limit: number; cursor?: string | undefined },
): PageRequest {
  const before = query.cursor === undefined ? null : decodeCursor(list, query.cursor);
  return { limit: query.limit, before };
}

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
