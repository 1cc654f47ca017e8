import { badRequest } from './problem.ts';

const keySegment = /^([^()]+)\((.*)\)$/s;

/**
 * Splits a path into decoded segments; `name('key')` and `name(key)` become two. A call with named arguments,
 * `name(a='b')`, stays one.
 * @throws GraphProblem for invalid percent-encoding.
 */
export function pathSegments(path: string): string[] {
  return path
    .split('/')
    .filter((segment) => segment !== '')
    .map(decodeSegment)
    .flatMap(splitKey);
}

/** Parses the named arguments of a function segment, `name(a='b',c=1)`, and removes quotes. */
export function namedArguments(segment: string): Map<string, string> {
  const [, , list = ''] = keySegment.exec(segment) ?? [];
  const pairs = list.matchAll(/([\w@]+)\s*=\s*('(?:[^']|'')*'|[^,]*)/g);
  return new Map([...pairs].map(([, name = '', value = '']) => [name, unquote(value)]));
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw badRequest('The path is not a valid percent-encoding.');
  }
}

function splitKey(segment: string): string[] {
  const [, name, key] = keySegment.exec(segment) ?? [];
  if (name === undefined || key === undefined || key === '') return [segment];
  const isNamed = /^[\w@]+\s*=/.test(key);
  return isNamed ? [segment] : [name, unquote(key)];
}

function unquote(text: string): string {
  const inner = /^'(.*)'$/s.exec(text)?.[1];
  return inner === undefined ? text : inner.replaceAll("''", "'");
}
