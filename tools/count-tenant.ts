import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** A collection with more pages counts as a list without an end. */
const pagesMax = 5000;
/** The retries of a throttled call, and the pause without a Retry-After header. */
const attemptsMax = 60;
const unknownWaitSeconds = 1.1;
const throttledStatus = 429;

/** The application of the count. The simulator checks the secret of one client only. */
const client = { client_id: 'count-tenant', client_secret: 'any' };

/**
 * Counts the objects in each collection of a tenant through Graph alone, page by page, built-in
 * objects included. It shares no code with the product, so neither hides the other's mistakes.
 * Collections are paths under the version root. Throws an Error for an answer that is not a list.
 */
export async function countTenant(
  simulatorUrl: string,
  tenantId: string,
  collections: readonly string[],
): Promise<Map<string, number>> {
  const token = await appToken(simulatorUrl, tenantId);
  const counts = new Map<string, number>();
  for (const path of collections) {
    counts.set(path, (await listedIds(`${simulatorUrl}/beta${path}`, token)).size);
  }
  return counts;
}

/**
 * Counts the objects that the simulator stores for a tenant, by the path of their collection:
 * seeded and created ones, without built-in ones.
 */
export async function countStored(
  simulatorUrl: string,
  tenantId: string,
): Promise<Map<string, number>> {
  const response = await fetch(`${simulatorUrl}/_sim/tenants/${tenantId}/objects?bodies=false`);
  const objects: unknown = await response.json();
  if (!response.ok || !Array.isArray(objects)) {
    throw new Error(`the simulator does not know the tenant ${tenantId}: ${response.status}`);
  }
  const counts = new Map<string, number>();
  for (const { path } of objects as { path: string }[]) {
    counts.set(path, (counts.get(path) ?? 0) + 1);
  }
  return counts;
}

async function listedIds(address: string, token: string): Promise<Set<string>> {
  const ids = new Set<string>();
  let next: string | undefined = address;
  for (let page = 0; next !== undefined; page += 1) {
    if (page >= pagesMax) throw new Error(`${address} has no last page`);
    const answer: Record<string, unknown> = await readPage(next, token);
    const { value } = answer;
    if (!Array.isArray(value)) throw new Error(`${address} is not a list`);
    for (const { id } of value as { id: string }[]) {
      if (ids.has(id)) throw new Error(`${address} lists ${id} twice`);
      ids.add(id);
    }
    const link = answer['@odata.nextLink'];
    next = typeof link === 'string' ? link : undefined;
  }
  return ids;
}

async function readPage(address: string, token: string): Promise<Record<string, unknown>> {
  for (let attempt = 1; ; attempt += 1) {
    const response = await fetch(address, { headers: { authorization: `Bearer ${token}` } });
    if (response.ok) return (await response.json()) as Record<string, unknown>;
    const text = await response.text();
    if (response.status !== throttledStatus || attempt >= attemptsMax) {
      throw new Error(`GET ${address}: ${response.status} ${text}`);
    }
    const seconds = Number(response.headers.get('retry-after') ?? unknownWaitSeconds);
    await sleep(seconds * 1000);
  }
}

async function appToken(simulatorUrl: string, tenantId: string): Promise<string> {
  const response = await fetch(`${simulatorUrl}/${tenantId}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      ...client,
      scope: 'https://graph.microsoft.com/.default',
    }),
  });
  const answer = (await response.json()) as { access_token?: string };
  if (answer.access_token === undefined) throw new Error(`no token: ${response.status}`);
  return answer.access_token;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [simulatorUrl, tenantId, ...collections] = process.argv.slice(2);
  if (simulatorUrl === undefined || tenantId === undefined) {
    throw new Error(
      'usage: node tools/count-tenant.ts <simulator URL> <tenant id> [collection ...]',
    );
  }
  const stored = await countStored(simulatorUrl, tenantId);
  const paths = collections.length > 0 ? collections : [...stored.keys()];
  const listed = await countTenant(simulatorUrl, tenantId, paths);
  console.table(
    paths.map((path) => ({ path, listed: listed.get(path), stored: stored.get(path) ?? 0 })),
  );
}
