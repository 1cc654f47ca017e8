import { JsonTextError } from './json-text-error.ts';

/**
 * JSON.parse reads a hundred thousand nested arrays without complaint, and then JSON.stringify, Temporal's
 * converter and Postgres die of them. Intune's deepest settings stay below twenty levels.
 */
export const jsonDepthMax = 64;

/** No policy is near this size. */
const jsonBytesMax = 16 * 1024 * 1024;

export interface JsonBounds {
  /** Levels of arrays and objects; a bare object has one. */
  readonly depthMax: number;
  /** Length in UTF-8. */
  readonly bytesMax: number;
}

/** What a snapshot puts around the parts that Graph sent: the document, `children`, a collection, a nested one. */
const wrappingDepth = 4;

/** The bounds of a snapshot's document. How long its parts are was checked when they were read. */
export const documentBounds: JsonBounds = {
  depthMax: jsonDepthMax + wrappingDepth,
  bytesMax: Infinity,
};

/** Takes a JSON text, not yet parsed, and throws JsonTextError when it is nested too deeply or too long. */
export function assertJsonBounds(
  text: string,
  bounds: JsonBounds = { depthMax: jsonDepthMax, bytesMax: jsonBytesMax },
): void {
  // Three bytes is the most that one UTF-16 unit takes, so most texts need no counting.
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
    // A surrogate is half of a four-byte character; alone it becomes U+FFFD, which a count of four covers.
    else if (unit >= 0xd800 && unit <= 0xdfff) bytes += 2;
    else bytes += 3;
  }
  return bytes;
}
