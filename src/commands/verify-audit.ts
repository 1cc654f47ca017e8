import { parseArgs } from 'node:util';
import type { Kysely } from 'kysely';
import { readDatabaseUrl } from '#config.ts';
import { verifyAuditTrail } from '#db/audit/verify-audit-trail.ts';
import { openDatabase } from '#db/database.ts';
import { assertSchemaCurrent } from '#db/migrations/migrate.ts';
import type { Database } from '#db/tables.ts';
import { listEveryTenant } from '#db/tenant/list-every-tenant.ts';
import { guidPattern } from '#domain/identity/principal.ts';
import { createLogger } from '#logger.ts';
import { UsageError } from './usage-error.ts';

const usage = 'npm run verify-audit -- [--tenant <tenant id>] [--expect <hash>]...';
const hashPattern = /^[0-9a-f]{64}$/;

/** The pause between two lines of progress. */
const progressEveryMs = 2_000;

interface Asked {
  readonly tenant: string | undefined;
  /** Heads of earlier checks, kept out of reach of the superusers of this database. */
  readonly expected: readonly string[];
}

/**
 * `npm run verify-audit`: computes the audit trail of every tenant, or of one, again and compares. It connects as the
 * application does, tenant by tenant. Exit code 1 means a fault; the output names its place.
 */
export async function verifyAudit(env: NodeJS.ProcessEnv, args: readonly string[]): Promise<void> {
  const asked = readArguments(args);
  const log = createLogger({ level: env['LOG_LEVEL'] || 'info', name: 'verify-audit' });
  await using database = openDatabase({
    url: readDatabaseUrl(env),
    role: 'tenantry_app',
    poolSize: 2,
    onError: (err) => log.warn({ err }, 'database connection broke'),
  });
  await assertSchemaCurrent(database.db);
  if (!(await verify(database.db, asked, print))) process.exitCode = 1;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function readArguments(args: readonly string[]): Asked {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { tenant: { type: 'string' }, expect: { type: 'string', multiple: true } },
    });
    const tenant = values.tenant?.toLowerCase();
    const expected = (values.expect ?? []).map((hash) => hash.toLowerCase());
    if (tenant !== undefined && !guidPattern.test(tenant))
      throw new TypeError('--tenant takes the id of a tenant');
    if (!expected.every((hash) => hashPattern.test(hash)))
      throw new TypeError('--expect takes 64 digits of a hash');
    return { tenant, expected };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new UsageError(`${error.message}\nusage: ${usage}`);
  }
}

async function verify(
  db: Kysely<Database>,
  { tenant, expected }: Asked,
  say: (line: string) => void,
): Promise<boolean> {
  const missing = new Set(expected);
  let sound = true;
  for await (const tenantId of tenant === undefined ? listEveryTenant(db) : [tenant]) {
    const found = await verifyAuditTrail(db, tenantId, {
      expected: missing,
      onPage: progress((seen) => say(`${tenantId}: ${seen} events so far`)),
    });
    for (const hash of found.seen) missing.delete(hash);
    if (found.fault === null) {
      say(`${tenantId}: ${found.events} events, head ${found.head ?? 'none'}`);
    } else {
      sound = false;
      say(`${tenantId}: BROKEN after ${found.events} sound events: ${found.fault}`);
    }
  }
  for (const hash of missing) say(`BROKEN: no sound event has the expected hash ${hash}`);
  return sound && missing.size === 0;
}

/** Passes on one call in two seconds, beginning after two seconds. */
function progress(tell: (seen: number) => void): (seen: number) => void {
  let toldAt = Date.now();
  return (seen) => {
    if (Date.now() - toldAt < progressEveryMs) return;
    toldAt = Date.now();
    tell(seen);
  };
}
