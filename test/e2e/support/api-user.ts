import type { ListPage } from './api-types.ts';

/** An answer of the API with its unparsed body. */
export interface ApiAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Buffer;
  readonly text: string;
  json<T>(): T;
}

/** A signed-in user of one tenant. */
export interface ApiUser {
  readonly tenantId: string;
  readonly token: string;
  /**
   * Sends a request below `/api/v1`; `{t}` in the path stands for the user's tenant. Rejects only without any answer.
   */
  call(method: string, path: string, body?: unknown): Promise<ApiAnswer>;
  /** The same user towards another process of the API. */
  at(apiUrl: string): ApiUser;
}

/** Longer than the API's own time limits for hanging services. */
const answerTimeoutMs = 30_000;

/** Creates a user with a token; `apiUrl` is without `/api/v1`. */
export function apiUser(apiUrl: string, tenantId: string, token: string): ApiUser {
  return {
    tenantId,
    token,
    at: (other) => apiUser(other, tenantId, token),
    async call(method, path, body) {
      const response = await fetch(`${apiUrl}/api/v1${path.replace('{t}', tenantId)}`, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(answerTimeoutMs),
      });
      const bytes = Buffer.from(await response.arrayBuffer());
      const text = bytes.toString('utf8');
      return {
        status: response.status,
        headers: response.headers,
        bytes,
        text,
        json: <T>() => JSON.parse(text) as T,
      };
    },
  };
}

/** Reads an existing object. Throws with the answer unless its status is 200 or the given one. */
export async function expectAnswer<T>(
  answering: Promise<ApiAnswer>,
  status: number = 200,
): Promise<T> {
  const answer = await answering;
  if (answer.status !== status) {
    throw new Error(`the API answered ${answer.status} instead of ${status}: ${answer.text}`);
  }
  return answer.json<T>();
}

/** Reads a list to its end, page by page. */
export async function wholeList<T>(user: ApiUser, path: string): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null = null;
  do {
    const query: string = `limit=200${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`;
    const separator = path.includes('?') ? '&' : '?';
    const page: ListPage<T> = await expectAnswer(user.call('GET', `${path}${separator}${query}`));
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return items;
}
