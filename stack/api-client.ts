/** Calls the HTTP API with one user's token. */
export interface ApiClient {
  /** Sends a request below `/api/v1`. Throws ApiError unless the answer is a 2xx. */
  call<T>(method: string, path: string, body?: unknown): Promise<T>;
}

/** An answer of the API other than a 2xx. */
export class ApiError extends Error {
  override name = 'ApiError';
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const timeoutMs = 30_000;

/** Creates a client of the API at `apiUrl`, an address without `/api/v1`. */
export function createApiClient(apiUrl: string, token: string): ApiClient {
  async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${apiUrl}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(timeoutMs),
    });
    const text = await response.text();
    if (!response.ok) {
      throw new ApiError(response.status, `${method} ${path} answers ${response.status}: ${text}`);
    }
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }
  return { call };
}

/** Reads all pages of a list. */
export async function readWholeList<T>(api: ApiClient, path: string): Promise<T[]> {
  const items: T[] = [];
  const separator = path.includes('?') ? '&' : '?';
  let cursor: string | null = null;
  do {
    const page: { items: T[]; nextCursor: string | null } = await api.call(
      'GET',
      `${path}${separator}limit=200${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
    );
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return items;
}
