import { GraphError, type GraphErrorKind } from '#graph/port/graph-error.ts';
import { decodeUtf8, readBody } from '#graph/port/read-body.ts';
import { parseRetryAfter } from '#graph/port/retry-after.ts';
import { safeCode, safeId } from '#graph/port/safe-codes.ts';

// Graph's error bodies have a few hundred characters; gateways' HTML pages some thousands.
const errorBytesMax = 64 * 1024;

/**
 * Reads an unsuccessful answer and returns its error. An overlong, truncated or non-JSON body costs only the code:
 * the status says enough.
 */
export async function answerError(
  response: Response,
  clientRequestId: string,
): Promise<GraphError> {
  const bodyText = await errorText(response);
  const error = errorObject(bodyText);
  return new GraphError({
    kind: kindOfStatus(response.status),
    code: safeCode(error['code']) ?? `http_${response.status}`,
    status: response.status,
    retryAfterSeconds: parseRetryAfter(response.headers, bodyText, Date.now()),
    requestId: requestIdOf(response, error),
    clientRequestId,
  });
}

function kindOfStatus(status: number): GraphErrorKind {
  const exact = kindsByStatus.get(status);
  if (exact) return exact;
  if (status >= 500) return 'server_error';
  // A redirect would carry the token to an address chosen by the answer.
  return status < 400 ? 'untrusted_link' : 'bad_request';
}

const kindsByStatus: ReadonlyMap<number, GraphErrorKind> = new Map<number, GraphErrorKind>([
  [401, 'unauthorized'],
  [403, 'forbidden'],
  [404, 'not_found'],
  [408, 'timeout'],
  [409, 'conflict'],
  [410, 'not_found'],
  [412, 'conflict'],
  [423, 'conflict'],
  [429, 'throttled'],
  [502, 'unavailable'],
  [503, 'unavailable'],
  [504, 'unavailable'],
]);

async function errorText(response: Response): Promise<string | null> {
  try {
    return decodeUtf8(await readBody(response, errorBytesMax));
  } catch {
    return null;
  }
}

function errorObject(bodyText: string | null): Record<string, unknown> {
  try {
    return objectOr(objectOr(JSON.parse(bodyText ?? ''))['error']);
  } catch {
    return {};
  }
}

function requestIdOf(response: Response, error: Record<string, unknown>): string | null {
  const inner = objectOr(error['innerError'] ?? error['innererror']);
  return safeId(response.headers.get('request-id')) ?? safeId(inner['request-id']);
}

function objectOr(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
