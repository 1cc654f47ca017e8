import { Client, escapeIdentifier } from 'pg';

/** The database of the product. */
const databaseName = 'tenantry';

/** Creates the product's database if it is missing. Returns its URL for the superuser. */
export async function ensureDatabase(serverUrl: string): Promise<string> {
  const client = new Client({ connectionString: serverUrl });
  // When the server dies, the query rejects; without a listener the event would end the process.
  client.on('error', () => undefined);
  await client.connect();
  try {
    const found = await client.query('select 1 from pg_database where datname = $1', [
      databaseName,
    ]);
    if (found.rowCount === 0) {
      await client.query(`create database ${escapeIdentifier(databaseName)}`);
    }
  } finally {
    await client.end();
  }
  const url = new URL(serverUrl);
  url.pathname = `/${databaseName}`;
  return url.href;
}
