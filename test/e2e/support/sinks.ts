import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type pg from 'pg';
import { logFileOf, openStackHome } from '#stack/stack-home.ts';
import type { StackUnderTest } from './stack-under-test.ts';

/** The texts of logs, histories, files and rows, by name. */
export type Sinks = ReadonlyMap<string, Buffer>;

/** The log of every child of the stack. */
export async function logSinks({ stack }: StackUnderTest): Promise<Sinks> {
  const folder = dirname(logFileOf(openStackHome(stack.home), 'any'));
  return filesIn(folder, () => true);
}

/** The files of Temporal's database, its write-ahead log among them. */
export async function temporalFileSinks({ stack }: StackUnderTest): Promise<Sinks> {
  const { temporalDatabase } = openStackHome(stack.home);
  const folder = dirname(temporalDatabase);
  return filesIn(folder, (name) => join(folder, name).startsWith(temporalDatabase));
}

async function filesIn(folder: string, isWanted: (name: string) => boolean): Promise<Sinks> {
  const names = (await readdir(folder)).filter(isWanted);
  const entries = names.map(async (name) => [name, await readIfThere(join(folder, name))] as const);
  return new Map(await Promise.all(entries));
}

/** SQLite's rollback journal comes and goes with each transaction. */
async function readIfThere(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  }
}

/** The history of every execution in Temporal, with decoded payloads. */
export async function historySinks({ temporal }: StackUnderTest): Promise<Sinks> {
  const sinks = new Map<string, Buffer>();
  for await (const { workflowId, runId } of temporal.workflow.list()) {
    const history = await temporal.workflow.getHandle(workflowId, runId).fetchHistory();
    const words: string[] = [];
    collectWords(history, words);
    sinks.set(`history of ${workflowId} ${runId}`, Buffer.from(words.join('\n')));
  }
  return sinks;
}

function collectWords(value: unknown, words: string[]): void {
  if (typeof value === 'string') words.push(value);
  else if (value instanceof Uint8Array) words.push(Buffer.from(value).toString('utf8'));
  else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) {
      words.push(key);
      collectWords(inner, words);
    }
  }
}

/** The rows of every table as text, without encrypted columns. */
export async function tableSinks({ database }: StackUnderTest): Promise<Sinks> {
  const tables = await database.query<{ name: string }>(
    "select quote_ident(table_name) as name from information_schema.tables where table_schema = 'public'",
  );
  const sinks = new Map<string, Buffer>();
  for (const { name } of tables.rows) sinks.set(`table ${name}`, await rowsOf(database, name));
  return sinks;
}

async function rowsOf(database: pg.Pool, table: string): Promise<Buffer> {
  const rows = await database.query<{ row: string }>(
    `select (to_jsonb(t) - 'ciphertext')::text as row from ${table} t`,
  );
  return Buffer.from(rows.rows.map(({ row }) => row).join('\n'));
}

/** The names of the sinks with a text, plain or encoded. */
export function sinksWith(sinks: Sinks, text: string): string[] {
  const spellings = spellingsOf(text).map((spelling) => Buffer.from(spelling));
  return [...sinks]
    .filter(([, bytes]) => spellings.some((spelling) => bytes.includes(spelling)))
    .map(([name]) => name);
}

/** The text plain, in hex, in a URL, and in base64 at every offset of the encoded bytes. */
function spellingsOf(text: string): string[] {
  const inBase64 = [0, 1, 2].flatMap((shift) => {
    const bytes = Buffer.concat([Buffer.alloc(shift), Buffer.from(text)]);
    // The first and last characters also depend on the bytes beside the text.
    return ['base64', 'base64url'].map((encoding) =>
      bytes
        .toString(encoding as BufferEncoding)
        .replace(/=+$/, '')
        .slice(shift === 0 ? 0 : 4, -2),
    );
  });
  return [text, Buffer.from(text).toString('hex'), encodeURIComponent(text), ...inBase64];
}

const tokenPattern = /eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}/;

/** The names of the sinks with a JSON Web Token of any issuer. */
export function sinksWithTokens(sinks: Sinks): string[] {
  return [...sinks]
    .filter(([, bytes]) => tokenPattern.test(bytes.toString('latin1')))
    .map(([name]) => name);
}
