import { type Kysely, sql } from 'kysely';
import { takeFromBudget } from '#db/budget/take-from-budget.sql.ts';

/** Writes have a limit beside that of all requests, and restores go before the other reads of their tenant. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table graph_budgets add column restore_asked_at timestamptz`.execute(db);
  for (const text of takeFromBudget) await sql.raw(text).execute(db);
}
