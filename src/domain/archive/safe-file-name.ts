import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/** What the usual file systems take as one name: NTFS and APFS count otherwise and take no less. */
export const fileNameBytesMax = 255;
/** Hex digits of the mark that tells cut names apart. */
const cutMarkChars = 8;

const forbidden = /[/\\:*?<>"|]/g;
/** Control characters, and what cannot be seen or turns the direction of reading: a name must be what it looks like. */
const invisible =
  /[\p{Cc}\u{200b}-\u{200f}\u{2028}-\u{202e}\u{2060}-\u{2069}\u{feff}\u{fff9}-\u{fffb}]/gu;
/** Devices of Windows, with any extension. */
const reserved = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?=\.|$)/i;

/**
 * Takes any text and returns it as a part of a file's name that Windows, macOS and Linux take, in Unicode's normal form
 * C; names that fit already come back as they are, and those of IntuneCD as IntuneCD would write them.
 * @param bytesMax how long it may be in UTF-8. What is cut off is told apart by a hash of the whole.
 */
export function safeFileName(text: string, bytesMax: number): string {
  const visible = text.toWellFormed().normalize('NFC').replaceAll(invisible, '');
  const plain = visible.replaceAll(forbidden, '_');
  const named = /^\.*$/.test(plain.trim()) ? `_${plain.trim().replaceAll('.', '_')}` : plain;
  const free = named.replace(reserved, (device) => `${device}_`);
  return cut(free, text, bytesMax);
}

function cut(name: string, whole: string, bytesMax: number): string {
  if (utf8ToBytes(name).length <= bytesMax) return name;
  const mark = `~${bytesToHex(sha256(utf8ToBytes(whole.toWellFormed()))).slice(0, cutMarkChars)}`;
  let kept = '';
  let bytes = mark.length;
  for (const character of name) {
    bytes += utf8ToBytes(character).length;
    if (bytes > bytesMax) break;
    kept += character;
  }
  return kept + mark;
}

/** What two names have in common that a file system may take for one: macOS and Windows ignore case. */
export function collisionKey(path: string): string {
  return path.normalize('NFC').toLowerCase().normalize('NFC');
}
