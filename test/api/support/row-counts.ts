import { sql } from 'kysely';
import type { TestDatabase } from '#test/support/database.ts';

/** Every table with rows of tenants. */
export const tables = [
  'tenants',
  'members',
  'runs',
  'run_items',
  'notifications',
  'audit_events',
  'audit_heads',
  'policies',
  'snapshots',
  'snapshot_contents',
  'content_references',
  'graph_budgets',
  'backup_sets',
  'backup_set_types',
  'backup_set_items',
  'backup_schedules',
  'archives',
  'archive_chunks',
  'restore_items',
  'restore_references',
  'restored_objects',
  'graph_writes',
  'directory_groups',
  'restore_items',
  'restore_references',
  'restored_objects',
  'graph_writes',
];

/** The row count of each table and a fingerprint of all rows: a refused request must not change them. */
export async function rowCounts(database: TestDatabase): Promise<Record<string, string>> {
  const counts: Record<string, string> = {};
  for (const table of tables) {
    const { rows } = await sql<{ count: string; hash: string }>`
      select count(*)::text as count, coalesce(md5(string_agg(t::text, '' order by t::text)), '') as hash
      from ${sql.table(table)} t`.execute(database.owner.db);
    counts[table] = `${rows[0]?.count} ${rows[0]?.hash}`;
  }
  return counts;
}
