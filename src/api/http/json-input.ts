import { assertJsonBounds, jsonDepthMax } from '#domain/json/json-bounds.ts';
import { JsonTextError } from '#domain/json/json-text-error.ts';
import { type InputError, invalidRequest, Problem } from './problem.ts';

/** Enough for a list of ids, the largest body of most routes; the route table names the exceptions. */
export const bodyBytesMax = 64 * 1024;
/** The members of all objects of a body; the largest legal body maps some hundred groups. */
const memberCountMax = 2_000;

/** Counts the members of a well-formed JSON text: each has one colon outside of strings. */
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

/** The reason why a string cannot be stored, or null: Postgres refuses NUL, and a lone surrogate has no UTF-8. */
export function textFault(text: string): string | null {
  if (text.includes('\u0000')) return 'must not contain a NUL character';
  return text.isWellFormed() ? null : 'must be well-formed Unicode';
}

// By dotted path. The depth was checked before, so the recursion is bounded.
function findTextFaults(value: unknown, path: readonly string[] = []): InputError[] {
  if (typeof value === 'string') {
    const fault = textFault(value);
    return fault === null ? [] : [{ path: path.join('.') || 'body', message: fault }];
  }
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, child]) => findTextFaults(child, [...path, key]));
}

/**
 * Parses the body of a request, within bounds of depth and number of members, so that no later code overflows its stack.
 * Refuses repeated keys, because parsers disagree on the valid one, and strings outside of Postgres' text or UTF-8.
 * @param bytesMax the longest body; the reader has read no more.
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
