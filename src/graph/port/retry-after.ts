// One day: a longer delay is a fault or hostile, and a wait of years would park the work for ever.
const retryAfterSecondsMax = 86_400;

const decimal = /^\d{1,15}(\.\d{1,9})?$/;
// Date.parse accepts nearly any text ("12", "120 apples"), so only HTTP's three date forms reach it.
const httpDate = /^[A-Z][a-z]{2,8},? [\w :-]{10,30}( GMT)?$/;

/**
 * Returns Graph's Retry-After in seconds, 0 to 86,400 with fractions; null if it is missing or malformed. Intune
 * omits the header and puts `RetryAfter` into JSON inside the error's message.
 * @param now present time in milliseconds.
 */
export function parseRetryAfter(
  headers: Headers,
  bodyText: string | null,
  now: number,
): number | null {
  const header = headers.get('retry-after');
  const fromHeader = header === null ? null : secondsOf(header, now);
  return fromHeader ?? (bodyText === null ? null : secondsOf(retryAfterInBody(bodyText), now));
}

function secondsOf(value: unknown, now: number): number | null {
  if (typeof value === 'number') return bounded(value);
  if (typeof value !== 'string') return null;
  const text = value.trim();
  if (decimal.test(text)) return bounded(Number(text));
  if (httpDate.test(text)) return bounded(Math.max(0, (Date.parse(text) - now) / 1_000));
  const parts = text.split(',').map((part) => part.trim());
  // Fetch joins repeated headers with commas; the longest delay satisfies all of them.
  if (parts.length > 1 && parts.every((part) => decimal.test(part))) {
    return bounded(Math.max(...parts.map(Number)));
  }
  return null;
}

function bounded(seconds: number): number | null {
  if (Number.isNaN(seconds) || seconds < 0) return null;
  return Math.min(seconds, retryAfterSecondsMax);
}

function retryAfterInBody(bodyText: string): unknown {
  const message = member(member(parsed(bodyText), 'error'), 'message');
  return typeof message === 'string' ? member(parsed(message), 'RetryAfter') : null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function member(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return null;
  return (value as Record<string, unknown>)[key];
}
