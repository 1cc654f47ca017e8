import { GraphError, type GraphErrorKind } from '#graph/port/graph-error.ts';
import { parseRetryAfter } from '#graph/port/retry-after.ts';
import { safeCode, safeId } from '#graph/port/safe-codes.ts';

/**
 * Turns a refusal by Entra's token endpoint into an error with its AADSTS number, for the administrator to look up.
 * Drops the description: it may repeat the request.
 */
export function entraError(response: Response, bodyText: string, now: number): GraphError {
  const body = parsedObject(bodyText);
  const numbers = body['error_codes'];
  const number: unknown = Array.isArray(numbers) ? numbers[0] : undefined;
  const word = safeCode(body['error']);
  return new GraphError({
    kind: kindOf(response.status, word),
    code: typeof number === 'number' ? `AADSTS${Math.trunc(number)}` : (word ?? 'token_refused'),
    status: response.status,
    retryAfterSeconds: parseRetryAfter(response.headers, null, now),
    requestId: safeId(body['trace_id']),
    clientRequestId: safeId(body['correlation_id']),
    notSent: true,
  });
}

function kindOf(status: number, word: string | null): GraphErrorKind {
  if (status === 429) return 'throttled';
  if (status >= 500 || word === 'temporarily_unavailable') return 'unavailable';
  if (status >= 300 && status < 400) return 'untrusted_link';
  return 'unauthorized';
}

function parsedObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
