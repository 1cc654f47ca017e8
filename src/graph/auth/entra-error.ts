import { GraphError, type GraphErrorKind } from '#graph/port/graph-error.ts';
import { parseRetryAfter } from '#graph/port/retry-after.ts';
import { safeCode, safeId } from '#graph/port/safe-words.ts';

/**
 * Takes a refusal of Entra's token endpoint and returns it as an error with the AADSTS number, which is what
 * an administrator can look up. The description stays behind: it may hold what was sent.
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
