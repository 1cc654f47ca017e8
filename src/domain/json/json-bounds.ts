import { JsonTextError } from './json-text-error.ts';

/**
 * JSON.parse accepts a hundred thousand nested arrays, but JSON.stringify, Temporal's converter and Postgres then fail.
 * Intune's deepest settings have fewer than twenty levels.
 */
export const jsonDepthMax = 64;

/** Far above the size of any policy. */
const jsonBytesMax = 16 * 1024 * 1024;

export interface JsonBounds {
  /** Levels of arrays and objects; a bare object has one level. */
  readonly depthMax: number;
  /** Length in UTF-8. */
  readonly bytesMax: number;
}

/** The levels that a snapshot adds around Graph's parts: the document, `children`, a collection, a nested one. */
const wrappingDepth = 4;

/** The bounds of a snapshot's document. The length of its parts was checked when they were read. */
export const documentBounds: JsonBounds = {
  depthMax: jsonDepthMax + wrappingDepth,
  bytesMax: Infinity,
};

/** Checks a JSON text before it is parsed. @throws JsonTextError if the text is too deep or too long */
export function assertJsonBounds(
  text: string,
  bounds: JsonBounds = { depthMax: jsonDepthMax, bytesMax: jsonBytesMax },
): void {
  // One UTF-16 unit takes at most three bytes, so most texts need no count.
  if (text.length * 3 > bounds.bytesMax && utf8Length(text) > bounds.bytesMax) {
    throw new JsonTextError('too_large');
  }
  if (exceedsDepth(text, bounds.depthMax)) throw new JsonTextError('too_deep');
}

function exceedsDepth(text: string, depthMax: number): boolean {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (inString) {
      if (unit === 0x5c) at += 1;
      else if (unit === 0x22) inString = false;
    } else if (unit === 0x22) {
      inString = true;
    } else if (unit === 0x7b || unit === 0x5b) {
      depth += 1;
      if (depth > depthMax) return true;
    } else if (unit === 0x7d || unit === 0x5d) {
      depth -= 1;
    }
  }
  return false;
}

function utf8Length(text: string): number {
  let bytes = 0;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit < 0x80) bytes += 1;
    else if (unit < 0x800) bytes += 2;
    // A surrogate is half of a four-byte character. Alone it becomes U+FFFD, still within a count of four.
    else if (unit >= 0xd800 && unit <= 0xdfff) bytes += 2;
    else bytes += 3;
  }
  return bytes;
}
