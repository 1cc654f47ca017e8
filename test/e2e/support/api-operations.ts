import type { ApiAnswer, ApiUser } from './api-user.ts';

/** An operation of the API's OpenAPI document. */
export interface ApiOperation {
  readonly operationId: string;
  readonly method: string;
  /** The path below `/api/v1`, parameters in braces. */
  readonly path: string;
  /** The required parameters of its query. */
  readonly neededQuery: readonly string[];
}

interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
}

interface Described {
  readonly operationId: string;
  readonly parameters?: readonly { name: string; in: string; required?: boolean }[];
}

const root = '/api/v1';

/** Reads and starts first, because others still need the objects that an operation deletes or ends. */
const methodOrder = ['get', 'post', 'put', 'patch', 'delete'];

/** Every operation below `/api/v1`, reads first and deletions last. */
export async function listOperations(apiUrl: string): Promise<ApiOperation[]> {
  const response = await fetch(`${apiUrl}/openapi.json`);
  const { paths } = (await response.json()) as OpenApi;
  const operations = Object.entries(paths)
    .filter(([path]) => path.startsWith(`${root}/`))
    .flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { operationId, parameters = [] }]) => ({
        operationId,
        method,
        path: path.slice(root.length),
        neededQuery: parameters
          .filter((each) => each.in === 'query' && each.required === true)
          .map(({ name }) => name),
      })),
    );
  return operations.sort((a, b) => methodOrder.indexOf(a.method) - methodOrder.indexOf(b.method));
}

/**
 * Calls an operation with the parameters of its path and the required ones of its query. Throws if one is missing.
 */
export function callOperation(
  user: ApiUser,
  { method, path, neededQuery }: ApiOperation,
  parameters: Readonly<Record<string, string>>,
  body: unknown,
): Promise<ApiAnswer> {
  const value = (name: string) => {
    const given = parameters[name];
    if (given === undefined) throw new Error(`no value for ${name} of ${path}`);
    return given;
  };
  const filled = path.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => value(name));
  const query = neededQuery.map((name) => `${name}=${encodeURIComponent(value(name))}`).join('&');
  return user.call(method.toUpperCase(), query === '' ? filled : `${filled}?${query}`, body);
}
