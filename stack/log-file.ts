import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  statSync,
} from 'node:fs';
import { dirname } from 'node:path';

/** A longer log is set aside at the next start of its child; one older file is kept. */
const rotateAtBytes = 5 * 1024 * 1024;

/** Opens a child's log for appending, after a rotation if it is long. Returns the descriptor. */
export function openLogFile(path: string): number {
  mkdirSync(dirname(path), { recursive: true });
  if (existsSync(path) && statSync(path).size > rotateAtBytes) renameSync(path, `${path}.1`);
  return openSync(path, 'a', 0o600);
}

/**
 * The last lines of a log from the byte `from` on, the first byte of the child in question; '' if
 * the child wrote nothing.
 */
export function tailOfLog(path: string, from: number, lines = 15): string {
  if (!existsSync(path)) return '';
  const size = statSync(path).size;
  const bytes = Buffer.alloc(Math.min(Math.max(size - from, 0), 8192));
  const file = openSync(path, 'r');
  try {
    readSync(file, bytes, 0, bytes.length, size - bytes.length);
  } finally {
    closeSync(file);
  }
  return bytes.toString('utf8').trimEnd().split('\n').slice(-lines).join('\n');
}
