import { JsonTextError } from './json-text-error.ts';

// A snapshot keeps the very text that Graph sent. JSON.parse loses it (2^53+1, 1.0, duplicate keys, blanks),
// so parts are cut out of the text. The scanner finds where values end; whether the text is JSON at all is
// JSON.parse's business, and callers parse first. It uses loops only: depth costs no stack.

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const colon = 0x3a;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;

/**
 * Takes the text of a JSON object and the key of one of its members, and returns the raw text of that
 * member's elements; null when the member is absent or no array. Of duplicate keys the last counts, as in
 * JSON.parse. Throws JsonTextError for text that is not JSON as far as it looked.
 */
export function arrayElementSlices(text: string, key: string): string[] | null {
  const member = topLevelMember(text, key);
  if (member === null || text.charCodeAt(member.start) !== openBracket) return null;
  const slices: string[] = [];
  let at = skipBlanks(text, member.start + 1);
  if (text.charCodeAt(at) === closeBracket) return slices;
  for (;;) {
    const end = endOfValue(text, at);
    slices.push(text.slice(at, end));
    at = skipBlanks(text, end);
    if (text.charCodeAt(at) === closeBracket) return slices;
    expect(text, at, comma);
    at = skipBlanks(text, at + 1);
  }
}

/** Takes the text of a JSON object and a key, and returns that member when it is a string, else null. */
export function topLevelString(text: string, key: string): string | null {
  const member = topLevelMember(text, key);
  if (member === null || text.charCodeAt(member.start) !== quote) return null;
  return decodeString(text, member.start, member.end);
}

/** Takes a JSON text and returns it without the blanks around its one value. */
export function rootSlice(text: string): string {
  const start = skipBlanks(text, 0);
  const end = endOfValue(text, start);
  if (skipBlanks(text, end) !== text.length) throw new JsonTextError('malformed');
  return text.slice(start, end);
}

interface Span {
  readonly start: number;
  readonly end: number;
}

function topLevelMember(text: string, key: string): Span | null {
  let at = skipBlanks(text, 0);
  if (text.charCodeAt(at) !== openBrace) return null;
  let found: Span | null = null;
  at = skipBlanks(text, at + 1);
  if (text.charCodeAt(at) === closeBrace) return null;
  for (;;) {
    expect(text, at, quote);
    const keyEnd = endOfString(text, at);
    const name = decodeString(text, at, keyEnd);
    at = skipBlanks(text, keyEnd);
    expect(text, at, colon);
    const start = skipBlanks(text, at + 1);
    const end = endOfValue(text, start);
    if (name === key) found = { start, end };
    at = skipBlanks(text, end);
    if (text.charCodeAt(at) === closeBrace) return found;
    expect(text, at, comma);
    at = skipBlanks(text, at + 1);
  }
}

function endOfValue(text: string, start: number): number {
  const first = text.charCodeAt(start);
  if (first === quote) return endOfString(text, start);
  if (first === openBrace || first === openBracket) return endOfContainer(text, start);
  return endOfScalar(text, start);
}

function endOfContainer(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit === quote) {
      at = endOfString(text, at) - 1;
    } else if (unit === openBrace || unit === openBracket) {
      depth += 1;
    } else if (unit === closeBrace || unit === closeBracket) {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  throw new JsonTextError('malformed');
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit === backslash) at += 1;
    else if (unit === quote) return at + 1;
  }
  throw new JsonTextError('malformed');
}

function endOfScalar(text: string, start: number): number {
  let at = start;
  while (at < text.length && !endsScalar(text.charCodeAt(at))) at += 1;
  if (at === start) throw new JsonTextError('malformed');
  return at;
}

function endsScalar(unit: number): boolean {
  return unit === comma || unit === closeBrace || unit === closeBracket || isBlank(unit);
}

function isBlank(unit: number): boolean {
  return unit === 0x20 || unit === 0x0a || unit === 0x0d || unit === 0x09;
}

function skipBlanks(text: string, start: number): number {
  let at = start;
  while (at < text.length && isBlank(text.charCodeAt(at))) at += 1;
  return at;
}

function expect(text: string, at: number, unit: number): void {
  if (text.charCodeAt(at) !== unit) throw new JsonTextError('malformed');
}

function decodeString(text: string, start: number, end: number): string {
  const raw = text.slice(start, end);
  try {
    return JSON.parse(raw) as string;
  } catch {
    throw new JsonTextError('malformed');
  }
}
