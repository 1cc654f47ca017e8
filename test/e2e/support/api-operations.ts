import type { ApiAnswer, ApiUser } from './api-user.ts';

/** One operation of the API, as its own description lists it. */
export interface ApiOperation {
  readonly operationId: string;
  readonly method: string;
  /** Below `/api/v1`, parameters in braces. */
  readonly path: string;
  /** The parameters of its query that it cannot do without. */
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

/** Reads and starts first: what an operation deletes or ends, others still need. */
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

/** Calls an operation with the parameters of its path, and those that its query needs. Throws when one is not given. */
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
