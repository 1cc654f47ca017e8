import type { ApiAnswer, ApiUser } from './api-user.ts';

/** One operation of the API, as its own description lists it. */
export interface ApiOperation {
  readonly operationId: string;
  readonly method: string;
  /** Below `/api/v1`, parameters in braces. */
  readonly path: string;
}

interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { operationId: string }>>>>;
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
      Object.entries(methods).map(([method, { operationId }]) => ({
        operationId,
        method,
        path: path.slice(root.length),
      })),
    );
  return operations.sort((a, b) => methodOrder.indexOf(a.method) - methodOrder.indexOf(b.method));
}

/** Calls an operation with the path's parameters filled in. Throws when one of them is not given. */
export function callOperation(
  user: ApiUser,
  { method, path }: ApiOperation,
  parameters: Readonly<Record<string, string>>,
  body: unknown,
): Promise<ApiAnswer> {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => {
    const value = parameters[name];
    if (value === undefined) throw new Error(`no value for {${name}} of ${path}`);
    return value;
  });
  return user.call(method.toUpperCase(), filled, body);
}
