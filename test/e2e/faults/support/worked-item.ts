import type pg from 'pg';

/** What is wrong with a worker of a test: a safeguard is missing, or its Graph answers updates without keeping them. */
export type Mutation = 'none' | 'forgets intents' | 'settles at once' | 'loses updates';

/** The name of the policies whose updates are lost. */
export const lostName = 'Lost';

/** The item that an attempt works on. */
export interface WorkedItem {
  readonly itemId: string;
  readonly displayName: string;
  readonly deletes: boolean;
  /** The path of its latest write. */
  path: string | null;
}

/** Finds the item that an attempt of `restoreItem` is given. */
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
