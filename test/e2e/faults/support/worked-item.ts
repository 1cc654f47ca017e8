import type pg from 'pg';

/** The fault of a test's worker: a missing safeguard, or a Graph that answers updates without storing them. */
export type Mutation = 'none' | 'forgets intents' | 'settles at once' | 'loses updates';

/** The name of the policies with lost updates. */
export const lostName = 'Lost';

/** The item of an attempt. */
export interface WorkedItem {
  readonly itemId: string;
  readonly displayName: string;
  readonly deletes: boolean;
  /** The path of the item's latest write. */
  path: string | null;
}

/** Finds the item of an attempt of `restoreItem`. */
export async function itemOf(
  owner: pg.Pool,
  { runId, number }: { readonly runId: string; readonly number: number },
): Promise<WorkedItem> {
  const { rows } = await owner.query<{ item_id: string; display_name: string; deletes: boolean }>(
    `select item_id, i.display_name, r.action = 'delete' as deletes from restore_items r join run_items i using (tenant_id, run_id, item_id)
     where run_id = $1 and write_number = $2`,
    [runId, number],
  );
  const row = rows[0];
  if (row === undefined) throw new Error('there is no such item');
  return { itemId: row.item_id, displayName: row.display_name, deletes: row.deletes, path: null };
}
