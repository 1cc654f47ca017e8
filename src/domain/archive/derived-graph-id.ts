import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/** Intune's ids are GUIDs, some with a letter before or a word behind. */
const idAtEnd = /__((?:[A-Z]_)?[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}(?:_\w+)?)$/;

/**
 * The id of a policy that was written without one: the id at the end of the file's name, where there is one, else one
 * that is made of type and name, so that the same file is the same policy every time.
 * @param stem the name of the file without its extension.
 */
export function derivedGraphId(type: string, stem: string): string {
  const written = idAtEnd.exec(stem)?.[1];
  if (written !== undefined) return written;
  const hex = bytesToHex(sha256(utf8ToBytes(`intunecd\n${type}\n${stem.toWellFormed()}`)));
  // A GUID of version 8, which is for whatever its maker likes (RFC 9562).
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}
