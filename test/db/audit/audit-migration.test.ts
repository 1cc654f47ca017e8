import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Migrator, sql } from 'kysely';
import pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { insertAuditEvent } from '#db/audit/audit-events.ts';
import { verifyAuditTrail } from '#db/audit/verify-audit-trail.ts';
import { type DatabasePool, inTenant, openDatabase } from '#db/database.ts';
import { migrations } from '#db/migrations/all.ts';
import { migrateToLatest } from '#db/migrations/migrate.ts';

const adminUrl = process.env['TEST_POSTGRES_URL'] ?? '';
const name = `test_audit_${randomUUID().replaceAll('-', '')}`;
const url = new URL(adminUrl);
url.pathname = `/${name}`;
const ownerUrl = new URL(url);
ownerUrl.username = name;
ownerUrl.password = 'no-secret';

async function administer(database: URL | string, ...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: database.toString() });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

let owner: DatabasePool;
let app: DatabasePool;
beforeAll(async () => {
  const roles = ['tenantry_app', 'tenantry_dispatcher', 'tenantry_retention'];
  await administer(
    adminUrl,
    `create role ${name} login password 'no-secret'`,
    ...roles.map((role) => `grant ${role} to ${name} with admin option`),
    `create database ${name} owner ${name}`,
  );
  const open = (of: URL, role: 'tenantry_app' | null) =>
    openDatabase({ url: of.href, role, poolSize: 2, onError: () => undefined });
  [owner, app] = [open(ownerUrl, null), open(url, 'tenantry_app')];
});
afterAll(async () => {
  await owner[Symbol.asyncDispose]();
  await app[Symbol.asyncDispose]();
  const roles = 'tenantry_app, tenantry_dispatcher, tenantry_retention';
  await administer(
    adminUrl,
    `drop database ${name} with (force)`,
    `revoke ${roles} from ${name} cascade`,
    `drop role ${name}`,
  );
});

describe('migration 009', () => {
  // Catches: events hidden from an owner without superuser rights by forced row-level security; a page beginning at the
  // wrong event; a chain beginning with the end of another tenant's.
  it('migration 009 chains the existing events, and new events follow them', async () => {
    const migrator = new Migrator({
      db: owner.db,
      provider: { getMigrations: async () => ({ ...migrations }) },
    });
    expect((await migrator.migrateTo('008-archives')).error).toBeUndefined();
    const counts = new Map([1, 2, 503, 700].map((count) => [uuidv7(), count]));
    for (const [tenantId, count] of counts) {
      await administer(
        url,
        `insert into tenants (tenant_id, row_id, display_name, created_by)
          values ('${tenantId}', '${uuidv7()}', 'T', 'x')`,
        `insert into audit_events (tenant_id, id, at, actor, action, details)
          select '${tenantId}', gen_random_uuid(), date_trunc('milliseconds', now()) + n * interval '1 s',
            'x', 'y', jsonb_build_object('n', n) from generate_series(1, ${count}) n`,
      );
    }
    await migrateToLatest(owner.db);
    const { rows } = await sql<{ fenced: boolean }>`
      select relforcerowsecurity as fenced from pg_class
      where oid in ('audit_events'::regclass, 'audit_heads'::regclass)`.execute(owner.db);
    expect(rows).toEqual([{ fenced: true }, { fenced: true }]);
    for (const [tenantId, count] of counts) {
      await inTenant(app.db, tenantId, (trx) =>
        insertAuditEvent(trx, { actor: 'x', action: 'z', details: {} }),
      );
      const options = { expected: new Set<string>(), onPage: () => undefined };
      const found = await verifyAuditTrail(app.db, tenantId, options);
      expect(found).toMatchObject({ events: count + 1, fault: null });
    }
  });
});
