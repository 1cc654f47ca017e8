/** Thrown for a body of invalid JSON, or of the wrong kind. */
export class InvalidJsonError extends Error {
  override readonly name = 'InvalidJsonError';
}

/**
 * Decodes bytes of UTF-8 (byte-order mark allowed) and checks for JSON. JSON.parse without a reviver does not
 * recurse, so depth is no danger.
 * @throws InvalidJsonError.
 */
export function validJsonText(bytes: Uint8Array): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    JSON.parse(text);
    return text;
  } catch (cause) {
    throw new InvalidJsonError('the body is not JSON in UTF-8', { cause });
  }
}
