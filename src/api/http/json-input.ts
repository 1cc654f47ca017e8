import { assertJsonBounds, jsonDepthMax } from '#domain/json/json-bounds.ts';
import { JsonTextError } from '#domain/json/json-text-error.ts';
import { type InputError, invalidRequest, Problem } from './problem.ts';

/** The largest body that most routes take is a list of ids; those that take more say so in the route table. */
export const bodyBytesMax = 64 * 1024;
/** Members of all objects of a body together; the largest legal body has a mapping of some hundred groups. */
const memberCountMax = 2_000;

/** Counts the members in a JSON text that is known to be well-formed: each has one colon outside of strings. */
function countMembers(text: string): number {
  let members = 0;
  let inString = false;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (inString && unit === 0x5c) at += 1;
    else if (unit === 0x22) inString = !inString;
    else if (unit === 0x3a && !inString) members += 1;
  }
  return members;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function countKeptMembers(value: unknown): number {
  if (!isObject(value)) return 0;
  const own = Array.isArray(value) ? 0 : Object.keys(value).length;
  return Object.values(value).reduce<number>((sum, child) => sum + countKeptMembers(child), own);
}

/** Why a string cannot be kept, or null: Postgres refuses NUL, and a lone surrogate has no UTF-8. */
export function textFault(text: string): string | null {
  if (text.includes('\u0000')) return 'must not contain a NUL character';
  return text.isWellFormed() ? null : 'must be well-formed Unicode';
}

// By dotted path. The recursion is bounded by the depth that has been checked before.
function findTextFaults(value: unknown, path: readonly string[] = []): InputError[] {
  if (typeof value === 'string') {
    const fault = textFault(value);
    return fault === null ? [] : [{ path: path.join('.') || 'body', message: fault }];
  }
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, child]) => findTextFaults(child, [...path, key]));
}

/**
 * Parses the body of a request, within bounds of depth and number of members, so that nothing behind it can be made
 * to overflow a stack. A key that occurs twice is refused, since parsers disagree on which one counts, and so are
 * strings that Postgres or UTF-8 cannot hold.
 * @param bytesMax how long the body may be: the caller has read no more.
 * @throws Problem `invalid_request`.
 */
export function parseJsonInput(bytes: Buffer, bytesMax: number): unknown {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    assertJsonBounds(text, { depthMax: jsonDepthMax, bytesMax });
    const value: unknown = JSON.parse(text);
    const members = countMembers(text);
    if (members > memberCountMax) throw bodyFault('has too many members');
    if (members !== countKeptMembers(value)) throw bodyFault('names a member twice');
    const faults = findTextFaults(value);
    if (faults.length > 0) throw invalidRequest(faults);
    return value;
  } catch (error) {
    if (error instanceof Problem) throw error;
    if (error instanceof JsonTextError) throw bodyFault('is nested too deeply');
    throw bodyFault('must be JSON in UTF-8');
  }
}

function bodyFault(message: string): Problem {
  return invalidRequest([{ path: 'body', message }]);
}
