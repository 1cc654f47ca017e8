import { renameSync, writeFileSync } from 'node:fs';

/** Writes a file for this user only. A reader sees the old content or the new one. */
export function writeFileAtomically(path: string, content: string): void {
  const staging = `${path}.${process.pid}.tmp`;
  writeFileSync(staging, content, { mode: 0o600 });
  renameSync(staging, path);
}
