import { JsonTextError } from './json-text-error.ts';

// A snapshot keeps Graph's own text. JSON.parse loses it (2^53+1, 1.0, duplicate keys, blanks), so this module cuts
// parts out of the text. The scanner only finds the ends of values; callers parse first, so the text is known to be
// JSON. It uses loops only: depth costs no stack.

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const colon = 0x3a;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;

/**
 * The raw text of each element of an array member; null if the member is absent or no array. The last of duplicate keys
 * counts, as in JSON.parse.
 * @throws JsonTextError if the scanned text is not JSON
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

/** The string at a member of a JSON object; null if the member is absent or no string. */
export function topLevelString(text: string, key: string): string | null {
  const member = topLevelMember(text, key);
  if (member === null || text.charCodeAt(member.start) !== quote) return null;
  return decodeString(text, member.start, member.end);
}

/** The raw text of a member's value; null if the member is absent. */
export function memberSlice(text: string, key: string): string | null {
  const member = topLevelMember(text, key);
  return member === null ? null : text.slice(member.start, member.end);
}

/** The text of the one value, without the blanks around it. */
export function rootSlice(text: string): string {
  const start = skipBlanks(text, 0);
  const end = endOfValue(text, start);
  if (skipBlanks(text, end) !== text.length) throw new JsonTextError('malformed');
  return text.slice(start, end);
}

/**
 * The text of an object without the dropped members; the rest keeps its spelling. A text of any other value stays as it
 * is.
 * @throws JsonTextError as above
 */
export function withoutMembers(text: string, drops: (key: string) => boolean): string {
  const members = [...topLevelMembers(text)];
  const kept = members.flatMap((member, index) => (drops(member.name) ? [] : [{ member, index }]));
  const [first, last] = [members[0], members.at(-1)];
  if (kept.length === members.length || !first || !last) return text;
  let body = '';
  let previous: { member: Member; index: number } | null = null;
  for (const next of kept) {
    // Adjacent members keep the blanks between them.
    if (previous?.index === next.index - 1) body += text.slice(previous.member.end, next.member.at);
    else if (previous !== null) body += ',';
    body += text.slice(next.member.at, next.member.end);
    previous = next;
  }
  return text.slice(0, first.at) + body + text.slice(last.end);
}

interface Member {
  readonly name: string;
  /** Start of the key. */
  readonly at: number;
  /** Start and end of the value. */
  readonly start: number;
  readonly end: number;
}

function topLevelMember(text: string, key: string): Member | null {
  let found: Member | null = null;
  for (const member of topLevelMembers(text)) if (member.name === key) found = member;
  return found;
}

function* topLevelMembers(text: string): Generator<Member, void, void> {
  let at = skipBlanks(text, 0);
  if (text.charCodeAt(at) !== openBrace) return;
  at = skipBlanks(text, at + 1);
  if (text.charCodeAt(at) === closeBrace) return;
  for (;;) {
    expect(text, at, quote);
    const keyEnd = endOfString(text, at);
    const name = decodeString(text, at, keyEnd);
    const afterKey = skipBlanks(text, keyEnd);
    expect(text, afterKey, colon);
    const start = skipBlanks(text, afterKey + 1);
    const end = endOfValue(text, start);
    yield { name, at, start, end };
    at = skipBlanks(text, end);
    if (text.charCodeAt(at) === closeBrace) return;
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
