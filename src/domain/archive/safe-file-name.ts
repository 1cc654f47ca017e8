import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/** The longest name in usual file systems; NTFS and APFS count differently and allow at least as much. */
export const fileNameBytesMax = 255;
/** Hex digits of the mark that distinguishes cut names. */
const cutMarkChars = 8;

const forbidden = /[/\\:*?<>"|]/g;
/** Control characters, invisible ones and changes of the reading direction: a name must be as it looks. */
const invisible =
  /[\p{Cc}\u{200b}-\u{200f}\u{2028}-\u{202e}\u{2060}-\u{2069}\u{feff}\u{fff9}-\u{fffb}]/gu;
/** Device names of Windows, with any extension. */
const reserved = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?=\.|$)/i;

/**
 * Makes a text valid as a part of a file name on Windows, macOS and Linux, in Unicode's normal form C. Valid names
 * stay, and IntuneCD's names equal IntuneCD's own.
 * @param bytesMax maximum length in UTF-8. A hash of the whole replaces the part beyond it.
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

/** Equal for two names that a file system may confuse: macOS and Windows ignore case. */
export function collisionKey(path: string): string {
  return path.normalize('NFC').toLowerCase().normalize('NFC');
}
