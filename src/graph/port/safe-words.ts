/**
 * Takes what a service calls its error code and returns it when it looks like one, else null. Codes go to logs
 * and rows, and a hostile answer may put a token there.
 */
export function safeCode(value: unknown): string | null {
  return typeof value === 'string' && /^[A-Za-z][A-Za-z0-9_]{0,63}$/.test(value) ? value : null;
}

/** Takes what a service calls a request id and returns it when it looks like one, else null. */
export function safeId(value: unknown): string | null {
  return typeof value === 'string' && /^[A-Za-z0-9-]{1,64}$/.test(value) ? value : null;
}
