/**
 * Returns an error code if it has a code's form, else null: codes go to logs and rows, and a hostile answer may hold
 * a token.
 */
export function safeCode(value: unknown): string | null {
  return typeof value === 'string' && /^[A-Za-z][A-Za-z0-9_]{0,63}$/.test(value) ? value : null;
}

/** Returns a request id if it has an id's form, else null. */
export function safeId(value: unknown): string | null {
  return typeof value === 'string' && /^[A-Za-z0-9-]{1,64}$/.test(value) ? value : null;
}
