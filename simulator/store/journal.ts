import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { SimulatorTenant } from './tenant.ts';

/** A stored object as a row of the journal. */
export interface JournalObject {
  readonly tenantId: string;
  readonly path: string;
  readonly id: string;
  readonly position: number;
  readonly body: string;
}

/** Keeps the state after the process ends. */
export interface Journal {
  readonly tenants: () => SimulatorTenant[];
  readonly objects: () => Iterable<JournalObject>;
  readonly setting: (name: string) => string | undefined;
  readonly saveSetting: (name: string, value: string) => void;
  readonly saveTenant: (tenant: SimulatorTenant) => void;
  readonly clearTenant: (tenantId: string) => void;
  readonly saveObject: (object: JournalObject) => void;
  readonly deleteObject: (tenantId: string, path: string, id: string) => void;
  readonly transaction: (work: () => void) => void;
  readonly close: () => void;
}

const schema = `
create table if not exists settings (name text primary key, value text not null) strict;
create table if not exists tenants (tenant_id text primary key, body text not null) strict;
create table if not exists objects (
  tenant_id text not null, path text not null, id text not null, position integer not null, body text not null,
  primary key (tenant_id, path, id)) strict, without rowid;
`;

/**
 * Opens the journal in the folder `dataDir`, or in memory. Each change is committed before its request is answered,
 * so the state survives a kill -9. It is not synced to disk each time; only a power failure could lose it.
 */
export function openJournal(dataDir: string | null): Journal {
  const database = openDatabase(dataDir);
  const statements = {
    setting: database.prepare('select value from settings where name = ?'),
    saveSetting: database.prepare('insert or replace into settings values (?, ?)'),
    saveTenant: database.prepare('insert or replace into tenants values (?, ?)'),
    clearTenant: database.prepare('delete from objects where tenant_id = ?'),
    saveObject: database.prepare('insert or replace into objects values (?, ?, ?, ?, ?)'),
    deleteObject: database.prepare(
      'delete from objects where tenant_id = ? and path = ? and id = ?',
    ),
  };
  return {
    tenants: () =>
      database
        .prepare('select body from tenants order by rowid')
        .all()
        .map((row): SimulatorTenant => JSON.parse(String(row['body']))),
    objects: () => readObjects(database),
    setting: (name) => {
      const row = statements.setting.get(name);
      return row === undefined ? undefined : String(row['value']);
    },
    saveSetting: (name, value) => void statements.saveSetting.run(name, value),
    saveTenant: (tenant) => void statements.saveTenant.run(tenant.tenantId, JSON.stringify(tenant)),
    clearTenant: (tenantId) => void statements.clearTenant.run(tenantId),
    saveObject: ({ tenantId, path, id, position, body }) =>
      void statements.saveObject.run(tenantId, path, id, position, body),
    deleteObject: (tenantId, path, id) => void statements.deleteObject.run(tenantId, path, id),
    transaction: (work) => runTransaction(database, work),
    close: () => database.close(),
  };
}

function openDatabase(dataDir: string | null): DatabaseSync {
  if (dataDir !== null) mkdirSync(dataDir, { recursive: true });
  const database = new DatabaseSync(
    dataDir === null ? ':memory:' : join(dataDir, 'simulator.sqlite'),
  );
  database.exec('pragma journal_mode = wal; pragma synchronous = normal;');
  database.exec(schema);
  return database;
}

function* readObjects(database: DatabaseSync): Iterable<JournalObject> {
  const rows = database
    .prepare('select tenant_id, path, id, position, body from objects order by position')
    .iterate();
  for (const row of rows) {
    yield {
      tenantId: String(row['tenant_id']),
      path: String(row['path']),
      id: String(row['id']),
      position: Number(row['position']),
      body: String(row['body']),
    };
  }
}

function runTransaction(database: DatabaseSync, work: () => void): void {
  if (database.isTransaction) return work();
  database.exec('begin');
  try {
    work();
    database.exec('commit');
  } catch (error) {
    database.exec('rollback');
    throw error;
  }
}
