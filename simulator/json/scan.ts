/**
 * Cuts JSON text into its parts without rewriting them, so that reads return exactly the seeded text (1.0, 2^53+1,
 * escapes, key order). Every function here expects text already accepted by JSON.parse.
 */

const quote = 0x22;
const backslash = 0x5c;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const comma = 0x2c;
const space = 0x20;

/** Returns the index of the first non-space character at or after `from`. */
export function skipSpace(text: string, from: number): number {
  let index = from;
  while (index < text.length && text.charCodeAt(index) <= space) index += 1;
  return index;
}

/** Returns the index after the string at `from`. */
export function skipString(text: string, from: number): number {
  let end = text.indexOf('"', from + 1);
  while (end !== -1) {
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === backslash) slashes += 1;
    if (slashes % 2 === 0) return end + 1;
    end = text.indexOf('"', end + 1);
  }
  return text.length;
}

/** Returns the index after the value at `from`. A loop instead of recursion, so depth costs no stack. */
export function skipValue(text: string, from: number): number {
  const first = text.charCodeAt(from);
  if (first === quote) return skipString(text, from);
  if (first !== openBrace && first !== openBracket) return skipLiteral(text, from);
  let depth = 0;
  let index = from;
  while (index < text.length) {
    const code = text.charCodeAt(index);
    if (code === quote) {
      index = skipString(text, index);
      continue;
    }
    if (code === openBrace || code === openBracket) depth += 1;
    if (code === closeBrace || code === closeBracket) depth -= 1;
    index += 1;
    if (depth === 0) return index;
  }
  return text.length;
}

function skipLiteral(text: string, from: number): number {
  let index = from;
  while (index < text.length) {
    const code = text.charCodeAt(index);
    if (code === comma || code === closeBrace || code === closeBracket || code <= space) break;
    index += 1;
  }
  return index;
}

/** Returns the texts of an array's elements. */
export function arrayElements(text: string): string[] {
  const elements: string[] = [];
  let index = skipSpace(text, skipSpace(text, 0) + 1);
  while (text.charCodeAt(index) !== closeBracket) {
    const end = skipValue(text, index);
    elements.push(text.slice(index, end));
    index = skipSpace(text, end);
    if (text.charCodeAt(index) === comma) index = skipSpace(text, index + 1);
  }
  return elements;
}
