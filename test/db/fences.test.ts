import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql, type Transaction } from 'kysely';
import {
  asDispatcher,
  asPrincipals,
  type DispatcherTrx,
  inTenant,
  type PrincipalsTrx,
  type RetentionTrx,
  type TenantTrx,
} from '#db/database.ts';
import { belongsToAnotherTenant } from '#db/foreign-ids.ts';
import type { Database } from '#db/tables.ts';
import {
  createTwins,
  formerMember,
  sharedPrincipal,
  type Twin,
} from '#test/db/support/twin-tenants.ts';
import { createTestDatabase, type TestDatabase } from '#test/support/database.ts';

let database: TestDatabase;
let a: Twin;
let b: Twin;

beforeAll(async () => {
  database = await createTestDatabase();
  ({ a, b } = await createTwins(database));
});
afterAll(() => database.drop());

const tables = [
  'archive_chunks',
  'archives',
  'audit_events',
  'audit_heads',
  'backup_schedules',
  'backup_set_items',
  'backup_set_types',
  'backup_sets',
  'content_references',
  'directory_groups',
  'graph_budgets',
  'graph_writes',
  'members',
  'notifications',
  'policies',
  'restore_items',
  'restore_references',
  'restored_objects',
  'run_items',
  'runs',
  'snapshot_contents',
  'snapshots',
  'tenants',
];

async function ask<T>(statement: ReturnType<typeof sql<T>>): Promise<T[]> {
  return (await statement.execute(database.owner.db)).rows;
}

describe('the catalog', () => {
  // Catches: a new table without its fence, or without a tenant id at all.
  it('every table has a tenant id, forced row-level security and a policy', async () => {
    const rows = await ask(sql<{
      name: string;
      fenced: boolean;
      policies: number;
      tenant: boolean;
    }>`
      select c.relname as name, c.relrowsecurity and c.relforcerowsecurity as fenced,
        (select count(*)::int from pg_policy p where p.polrelid = c.oid and 'tenantry_app'::regrole = any (p.polroles)) as policies,
        exists (select from pg_attribute t where t.attrelid = c.oid and t.attname = 'tenant_id' and t.attnotnull) as tenant
      from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
        and c.relname not like 'kysely_migration%' order by 1`);
    expect(rows.map(({ name }) => name)).toEqual(tables);
    for (const row of rows) {
      expect(row).toMatchObject({ fenced: true, tenant: true });
      expect([row.name, row.policies > 0]).toEqual([row.name, true]);
    }
  });

  // Catches: a key into another tenant's rows, or a unique index revealing other tenants' values.
  it('every foreign key, and every unique index other than of our own ids, has the tenant id', async () => {
    const keys = await ask(sql<{ name: string; tenant: boolean }>`
      select conname as name, exists (select from pg_attribute t
        where t.attrelid = conrelid and t.attnum = any (conkey) and t.attname = 'tenant_id') as tenant
      from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace`);
    expect(keys.filter(({ tenant }) => !tenant)).toEqual([]);
    expect(keys.length).toBeGreaterThan(5);
    const indexes = await ask(sql<{ definition: string }>`
      select pg_get_indexdef(indexrelid) as definition from pg_index
      join pg_class c on c.oid = indrelid and c.relnamespace = 'public'::regnamespace
      where indisunique and c.relname not like 'kysely_migration%'`);
    const global = indexes
      .map(({ definition }) => definition)
      .filter((text) => !text.includes('tenant_id'));
    expect(
      global.map((text) => /ON public\.(\w+) .*\((.*)\)/.exec(text)?.slice(1).join('.')).sort(),
    ).toEqual(['runs.id', 'tenants.row_id']);
  });

  // Catches: a right granted by accident. A migration with a new grant changes this list, too.
  it('the roles have exactly these rights', async () => {
    const rows = await ask(sql<{ grantee: string; table: string; rights: string }>`
      select grantee, table_name as table, string_agg(privilege_type, ' ' order by privilege_type) as rights
      from information_schema.role_table_grants
      where (grantee like 'tenantry_%' or grantee = 'PUBLIC') and table_schema = 'public' group by 1, 2 order by 1, 2`);
    expect(rows.map(({ grantee, table, rights }) => `${grantee} ${table}: ${rights}`)).toEqual([
      'tenantry_app archive_chunks: DELETE INSERT SELECT',
      'tenantry_app archives: DELETE INSERT SELECT UPDATE',
      'tenantry_app audit_events: INSERT SELECT',
      'tenantry_app audit_heads: SELECT',
      'tenantry_app backup_schedules: DELETE INSERT SELECT UPDATE',
      'tenantry_app backup_set_items: INSERT SELECT UPDATE',
      'tenantry_app backup_set_types: INSERT SELECT UPDATE',
      'tenantry_app backup_sets: INSERT SELECT UPDATE',
      'tenantry_app content_references: INSERT SELECT',
      'tenantry_app directory_groups: INSERT SELECT UPDATE',
      'tenantry_app graph_budgets: INSERT SELECT UPDATE',
      'tenantry_app graph_writes: INSERT SELECT UPDATE',
      'tenantry_app kysely_migration: SELECT',
      'tenantry_app members: DELETE INSERT SELECT UPDATE',
      'tenantry_app notifications: INSERT SELECT UPDATE',
      'tenantry_app policies: INSERT SELECT UPDATE',
      'tenantry_app restore_items: INSERT SELECT UPDATE',
      'tenantry_app restore_references: INSERT SELECT UPDATE',
      'tenantry_app restored_objects: INSERT SELECT UPDATE',
      'tenantry_app run_items: INSERT SELECT UPDATE',
      'tenantry_app runs: INSERT SELECT UPDATE',
      'tenantry_app snapshot_contents: INSERT SELECT',
      'tenantry_app snapshots: INSERT SELECT',
      'tenantry_app tenants: INSERT SELECT',
      'tenantry_retention audit_events: INSERT',
      'tenantry_retention audit_heads: SELECT',
      'tenantry_retention backup_set_items: DELETE',
      'tenantry_retention backup_set_types: DELETE',
      'tenantry_retention backup_sets: DELETE',
      'tenantry_retention snapshot_contents: DELETE',
      'tenantry_retention snapshots: DELETE',
    ]);
    const columns = await ask(sql<{ grant: string; columns: string }>`
      select concat_ws(' ', x.grantee::regrole, lower(x.privilege_type), c.relname) as grant,
        string_agg(a.attname, ' ' order by a.attname) as columns
      from pg_attribute a join pg_class c on c.oid = a.attrelid, aclexplode(a.attacl) x
      where c.relnamespace = 'public'::regnamespace
      group by x.grantee, x.privilege_type, c.relname order by 1`);
    expect(Object.fromEntries(columns.map((each) => [each.grant, each.columns]))).toEqual({
      'tenantry_app insert audit_heads': 'tenant_id',
      'tenantry_app update audit_heads': 'hash seq',
      'tenantry_app update snapshot_contents': 'ciphertext damaged_at key_id nonce verified_at',
      'tenantry_dispatcher select backup_schedules': 'id tenant_id',
      'tenantry_dispatcher select backup_sets': 'id tenant_id',
      'tenantry_dispatcher select policies': 'id tenant_id',
      'tenantry_dispatcher select runs':
        'cancel_requested_at id idempotency_key initiator_id operation_type status tenant_id updated_at',
      'tenantry_dispatcher select snapshots': 'id tenant_id',
      'tenantry_dispatcher select tenants': 'tenant_id',
      'tenantry_retention insert audit_heads': 'tenant_id',
      'tenantry_retention select backup_schedules':
        'backup_set_id id keep_days keep_last tenant_id',
      'tenantry_retention select backup_set_items':
        'backup_item_id backup_set_id snapshot_id tenant_id',
      'tenantry_retention select backup_set_types': 'backup_set_id tenant_id',
      'tenantry_retention select backup_sets':
        'created_at deleting_at id manifest schedule_id tenant_id',
      'tenantry_retention select policies': 'last_snapshot_id tenant_id',
      'tenantry_retention select restore_items': 'snapshot_id tenant_id',
      'tenantry_retention select runs': 'status target_id tenant_id',
      'tenantry_retention select snapshot_contents': 'damaged_at sha256 tenant_id',
      'tenantry_retention select snapshots': 'id sha256 tenant_id',
      'tenantry_retention update audit_heads': 'hash seq',
      'tenantry_retention update backup_sets': 'deleting_at',
      'tenantry_retention update snapshot_contents': 'damaged_at',
    });
  });

  // Catches: an application role exempt from row-level security.
  it('the roles own no table and are subject to row-level security', async () => {
    const rows = await ask(sql<Record<string, unknown>>`
      select rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolcanlogin,
        (select count(*)::int from pg_class where relowner = r.oid) as owned,
        (select count(*)::int from pg_auth_members where member = r.oid) as memberships
      from pg_roles r where rolname like 'tenantry_%' order by 1`);
    const harmless = {
      rolsuper: false,
      rolbypassrls: false,
      rolcreaterole: false,
      rolcreatedb: false,
      rolcanlogin: false,
      owned: 0,
      memberships: 0,
    };
    expect(rows).toEqual([
      { rolname: 'tenantry_app', ...harmless },
      { rolname: 'tenantry_dispatcher', ...harmless },
      { rolname: 'tenantry_retention', ...harmless },
    ]);
    const functions = await ask(
      sql`select proname from pg_proc where pronamespace = 'public'::regnamespace and prosecdef`,
    );
    expect(functions).toEqual([]);
  });
});

type Accepts<Wanted, Given> = Given extends Wanted ? 'accepted' : 'refused';

describe('the types of transactions', () => {
  // Catches, in the compiler: a lost brand, so that a function accepts the transaction of another fence.
  it('a function of one fence refuses the transaction of another', () => {
    const verdicts: [
      Accepts<TenantTrx, Transaction<Database>>,
      Accepts<TenantTrx, RetentionTrx>,
      Accepts<TenantTrx, DispatcherTrx & { tenantId: string }>,
      Accepts<TenantTrx, PrincipalsTrx & { tenantId: string }>,
      Accepts<RetentionTrx, TenantTrx>,
      Accepts<DispatcherTrx, TenantTrx>,
      Accepts<PrincipalsTrx, TenantTrx & { principalIds: readonly string[] }>,
    ] = ['refused', 'refused', 'refused', 'refused', 'refused', 'refused', 'refused'];
    expect(new Set(verdicts)).toEqual(new Set(['refused']));
  });
});

describe('row-level security', () => {
  const everything = (trx: Transaction<Database>) =>
    Promise.all(
      tables.map(
        async (table) =>
          (await sql<{ tenant_id: string }>`select tenant_id from ${sql.table(table)}`.execute(trx))
            .rows,
      ),
    );

  // Catches: a policy missing, permissive or bound to another column. The query has no filter to hide it.
  it('row-level security hides other tenants from a query without a filter', async () => {
    const seen = await inTenant(database.app.db, a.tenantId, everything);
    expect(new Set(seen.flat().map((row) => row.tenant_id))).toEqual(new Set([a.tenantId]));
    expect(seen.filter((rows) => rows.length === 0)).toEqual([]);
  });

  // Catches: settings outliving their transaction, and '' taken for a uuid (22P02) after it.
  it('a transaction without a tenant sees no row, even on a connection used for one before', async () => {
    const { db } = database.app;
    for (let n = 0; n < 25; n += 1)
      await inTenant(db, n % 2 === 0 ? a.tenantId : b.tenantId, async () => null);
    const seen = await Promise.all(
      Array.from({ length: 30 }, () => db.transaction().execute(everything)),
    );
    expect(seen.flat(2)).toEqual([]);
  });

  // Catches: a check of rows read, but not of rows written.
  it('row-level security refuses a write into another tenant', async () => {
    const { db } = database.app;
    const row = {
      tenant_id: b.tenantId,
      principal_id: 'x:y',
      row_id: a.runId,
      kind: 'user',
      display_name: null,
      role: 'owner',
    } as const;
    await expect(
      inTenant(db, a.tenantId, (trx) => trx.insertInto('members').values(row).execute()),
    ).rejects.toThrow(/row-level security/);
    await inTenant(db, a.tenantId, (trx) =>
      trx.updateTable('runs').set({ initiator_name: 'changed' }).execute(),
    );
    const other = await database.owner.db
      .selectFrom('runs')
      .select('initiator_name')
      .where('tenant_id', '=', b.tenantId)
      .executeTakeFirstOrThrow();
    expect(other.initiator_name).toBe('Same');
    await expect(
      inTenant(db, a.tenantId, (trx) =>
        trx.updateTable('runs').set({ tenant_id: b.tenantId }).execute(),
      ),
    ).rejects.toThrow();
  });

  // Catches: the right of the application to rewrite its audit trail or snapshots.
  it.each(['audit_events', 'snapshots', 'snapshot_contents', 'content_references'])(
    'the application cannot update, delete or truncate %s',
    async (table) => {
      const name = sql.table(table);
      for (const statement of [
        sql`update ${name} set tenant_id = tenant_id`,
        sql`delete from ${name}`,
        sql`truncate ${name}`,
      ]) {
        await expect(
          inTenant(database.app.db, a.tenantId, (trx) => statement.execute(trx)),
        ).rejects.toThrow(/permission denied/);
      }
    },
  );

  // Catches: a view of a person beyond its tenants and notifications.
  it('asPrincipals shows the memberships and notifications of the principals only', async () => {
    const seen = await asPrincipals(database.app.db, [formerMember], everything);
    const byTable = Object.fromEntries(
      tables.map((table, n) => [table, seen[n]?.map((row) => row.tenant_id)]),
    );
    const none = Object.fromEntries(tables.map((table) => [table, []]));
    expect(byTable).toEqual({
      ...none,
      members: [a.tenantId],
      tenants: [a.tenantId],
      notifications: expect.arrayContaining([a.tenantId, b.tenantId]),
    });
    expect(
      (await asPrincipals(database.app.db, [`${sharedPrincipal}x`], everything)).flat(),
    ).toEqual([]);
  });

  // Catches: a dispatcher with the right to write, or to read the contents of runs.
  it('asDispatcher shows the tenant of an id and no content', async () => {
    const { db } = database.app;
    for (const [table, mine, theirs] of [
      ['policies', a.policyId, b.policyId],
      ['runs', a.runId, b.runId],
      ['snapshots', a.snapshotId, b.snapshotId],
      ['backup_sets', a.backupSetId, b.backupSetId],
    ] as const) {
      const foreign = (id: string) =>
        asDispatcher(db, (trx) => belongsToAnotherTenant(trx, a.tenantId, table, id));
      expect([await foreign(theirs), await foreign(mine), await foreign(a.failedItemId)]).toEqual([
        true,
        false,
        false,
      ]);
    }
    const refused = [
      sql`select * from runs`,
      sql`select display_name from policies`,
      sql`select sha256 from snapshots`,
      sql`select * from members`,
      sql`select name from backup_sets`,
      sql`select * from backup_set_items`,
      sql`select * from snapshot_contents`,
      sql`select * from audit_events`,
      sql`update runs set status = 'failed'`,
    ];
    for (const statement of refused) {
      await expect(asDispatcher(db, (trx) => statement.execute(trx))).rejects.toThrow(
        /permission denied/,
      );
    }
  });
});
