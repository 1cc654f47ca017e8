import { assertJsonBounds, jsonDepthMax } from '#domain/json/json-bounds.ts';
import { JsonTextError } from '#domain/json/json-text-error.ts';
import { GraphError } from './graph-error.ts';
import type { GraphAnswer } from './graph-reader.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** Levels that an object may have: what is inside an array of a page lies two levels deeper in the answer. */
export const pageDepthMax = jsonDepthMax + 2;

/**
 * Takes an answer and returns its object, parsed after its depth has been checked. Throws a GraphError: too_large
 * (nesting_too_deep), or invalid_response when it is no JSON object.
 */
export function parseAnswer(answer: GraphAnswer, depthMax: number): JsonObject {
  try {
    // The client has bounded the bytes already, by a configurable limit.
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

/** Takes any value and says whether it is an object of JSON: neither null nor an array. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Takes an object of JSON and a key and returns that member, or undefined. Inherited names are no members:
 * keys come from Graph and from the catalogue, and `constructor` is a possible one.
 */
export function memberOf(object: JsonObject, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** Takes an object of JSON and a key and returns that member when it is a string, else null. */
export function stringMember(object: JsonObject, key: string): string | null {
  const value = memberOf(object, key);
  return typeof value === 'string' ? value : null;
}
