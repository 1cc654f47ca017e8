import { utf8ToBytes } from '@noble/hashes/utils.js';

/** Longer paths cannot be unpacked on every system, and no export has one. */
const pathBytesMax = 1_024;

/**
 * Whether the name of an entry of a zip is a plain path below the place where the zip would be unpacked, for every
 * system: relative, without steps up, drives, streams, backslashes or control characters. Folders end with a slash.
 */
export function isPlainPath(path: string): boolean {
  if (path === '' || utf8ToBytes(path).length > pathBytesMax) return false;
  if (/[\\:\p{Cc}]/u.test(path)) return false;
  const segments = (path.endsWith('/') ? path.slice(0, -1) : path).split('/');
  return segments.every((segment) => segment !== '' && !/^\.+ *$/.test(segment));
}
