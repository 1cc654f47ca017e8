/** Thrown for text that is not JSON, or not of the kind that was asked for. */
export class InvalidJsonError extends Error {
  override readonly name = 'InvalidJsonError';
}

/**
 * Checks that bytes are UTF-8 (a byte-order mark is allowed) and JSON, and returns them as text.
 * Throws InvalidJsonError. JSON.parse without a reviver does not recurse, so depth is no danger.
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
