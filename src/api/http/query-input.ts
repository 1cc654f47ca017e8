import { textFault } from './json-input.ts';
import { type InputError, invalidRequest } from './problem.ts';

/** More than any route has; the parser stops at a query with thousands of parameters. */
const parametersMax = 20;

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return null;
  }
}

/**
 * Parses a query string without its question mark. Refuses repeated parameters, because parsers disagree on the
 * valid one.
 * @throws Problem `invalid_request` naming each repeated or badly encoded parameter.
 */
export function parseQuery(rawQuery: string): Record<string, string> {
  const parts = rawQuery.split('&').filter((part) => part !== '');
  if (parts.length > parametersMax) {
    throw invalidRequest([{ path: 'query', message: 'has too many parameters' }]);
  }
  const errors: InputError[] = [];
  const values = new Map<string, string>();
  for (const part of parts) {
    const [rawName = '', ...rest] = part.split('=');
    const name = decode(rawName);
    const value = decode(rest.join('='));
    const path = name !== null && textFault(name) === null ? name : 'query';
    if (name === null || value === null) {
      errors.push({ path, message: 'must be percent-encoded UTF-8' });
    } else if (values.has(name)) {
      errors.push({ path, message: 'must occur once' });
    } else {
      const fault = textFault(value);
      if (fault !== null) errors.push({ path, message: fault });
      values.set(name, value);
    }
  }
  if (errors.length > 0) throw invalidRequest(errors);
  // From entries, so that a parameter named __proto__ is an ordinary, unknown one.
  return Object.fromEntries(values);
}
