import { Client, escapeIdentifier } from 'pg';

/** The database of the product. */
const databaseName = 'tenantry';

/** Makes the product's database unless it is there. Answers its URL, for the superuser. */
export async function ensureDatabase(serverUrl: string): Promise<string> {
  const client = new Client({ connectionString: serverUrl });
  // A server that dies meanwhile makes the query reject; the event alone would end the process.
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
