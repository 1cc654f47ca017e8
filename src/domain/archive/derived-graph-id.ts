import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

const guidAtEnd = /__([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i;

/**
 * The id of a policy that was written without one: the id at the end of the file's name, where there is one, else one
 * that is made of type and name, so that the same file is the same policy every time.
 * @param stem the name of the file without its extension.
 */
export function derivedGraphId(type: string, stem: string): string {
  const written = guidAtEnd.exec(stem)?.[1];
  if (written !== undefined) return written.toLowerCase();
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
