import { assertJsonBounds, jsonDepthMax } from '#domain/json/json-bounds.ts';
import { JsonTextError } from '#domain/json/json-text-error.ts';
import { GraphError } from './graph-error.ts';
import type { GraphAnswer } from './graph-reader.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** Deepest nesting of an answer with a page: an object in its array lies two levels down. */
export const pageDepthMax = jsonDepthMax + 2;

/**
 * Checks the depth of an answer and parses its object.
 * @throws GraphError too_large (nesting_too_deep), or invalid_response if it is no JSON object.
 */
export function parseAnswer(answer: GraphAnswer, depthMax: number): JsonObject {
  try {
    // The client already limits the bytes, by its configuration.
    assertJsonBounds(answer.text, { depthMax, bytesMax: Infinity });
  } catch (error) {
    if (!(error instanceof JsonTextError)) throw error;
    throw failure('too_large', 'nesting_too_deep', answer);
  }
  const value = parsed(answer);
  if (!isJsonObject(value)) throw failure('invalid_response', 'not_an_object', answer);
  return value;
}

function parsed(answer: GraphAnswer): unknown {
  try {
    return JSON.parse(answer.text);
  } catch {
    throw failure('invalid_response', 'malformed_json', answer);
  }
}

function failure(
  kind: 'too_large' | 'invalid_response',
  code: string,
  answer: GraphAnswer,
): GraphError {
  return new GraphError({ kind, code, status: 200, requestId: answer.requestId });
}

/** True for a JSON object: neither null nor an array. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Returns an own member, or undefined. Keys come from Graph and the catalogue, and `constructor` is a possible one. */
export function memberOf(object: JsonObject, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** Returns a member if it is a string, else null. */
export function stringMember(object: JsonObject, key: string): string | null {
  const value = memberOf(object, key);
  return typeof value === 'string' ? value : null;
}
