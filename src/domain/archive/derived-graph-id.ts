import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/** Intune's ids are GUIDs, some with a letter before or a word after them. */
const idAtEnd = /__((?:[A-Z]_)?[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}(?:_\w+)?)$/;

/**
 * The id of a policy whose file has none: the id at the end of the file's name, or one derived from type and name, so
 * that the same file always gives the same policy.
 * @param stem the name of the file without its extension
 */
export function derivedGraphId(type: string, stem: string): string {
  const written = idAtEnd.exec(stem)?.[1];
  if (written !== undefined) return written;
  const hex = bytesToHex(sha256(utf8ToBytes(`intunecd\n${type}\n${stem.toWellFormed()}`)));
  // A GUID of version 8, the version for custom schemes (RFC 9562).
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}
