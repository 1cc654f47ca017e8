import { type Kysely, sql } from 'kysely';

/**
 * Lets the dispatcher role see the tenant of a policy's or snapshot's id, and no other column: the API answers 403 to
 * an id of another tenant and 404 to an unknown id.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const name of ['policies', 'snapshots']) {
    const table = sql.table(name);
    await sql`
      create policy of_dispatcher on ${table} for select to tenantry_dispatcher using (true)`.execute(
      db,
    );
    await sql`grant select (tenant_id, id) on ${table} to tenantry_dispatcher`.execute(db);
    await sql`create index ${sql.id(`${name}_id`)} on ${table} (id)`.execute(db);
  }
}
