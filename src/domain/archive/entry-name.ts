import { utf8ToBytes } from '@noble/hashes/utils.js';

/** Some systems cannot unpack longer paths; no export has one. */
const pathBytesMax = 1_024;

/**
 * True if the name of a zip entry is a plain relative path on every system: without steps up, drives, streams,
 * backslashes or control characters. Folders end with a slash.
 */
export function isPlainPath(path: string): boolean {
  if (path === '' || utf8ToBytes(path).length > pathBytesMax) return false;
  if (/[\\:\p{Cc}]/u.test(path)) return false;
  const segments = (path.endsWith('/') ? path.slice(0, -1) : path).split('/');
  return segments.every((segment) => segment !== '' && !/^\.+ *$/.test(segment));
}
