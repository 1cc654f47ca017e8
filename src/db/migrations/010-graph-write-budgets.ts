import { type Kysely, sql } from 'kysely';
import { takeFromBudget } from '#db/budget/take-from-budget.sql.ts';

/** Gives writes a limit of their own, beside the limit of all requests, and restores precedence over other reads. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table graph_budgets add column restore_asked_at timestamptz`.execute(db);
  for (const text of takeFromBudget) await sql.raw(text).execute(db);
}
