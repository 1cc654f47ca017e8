import { readFileSync, rmSync } from 'node:fs';
import { pollUntil } from './poll-until.ts';
import { processStart } from './process-identity.ts';
import { writeFileAtomically } from './write-file-atomically.ts';

interface RecordedProcess {
  name: string;
  pid: number;
  start: string;
}

/** Keeps a list of the stack's processes on disk. */
export interface ProcessRecord {
  add(name: string, pid: number): void;
  clear(): void;
}

const graceMs = 10_000;
const killMs = 5_000;

/** Opens an empty record. The caller has ended the processes of an older record. */
export function openProcessRecord(path: string): ProcessRecord {
  let recorded: RecordedProcess[] = [];
  return {
    add(name, pid) {
      const start = processStart(pid);
      if (start === undefined) return;
      recorded = [...recorded.filter(isAlive), { name, pid, start }];
      writeFileAtomically(path, JSON.stringify(recorded));
    },
    clear: () => rmSync(path, { force: true }),
  };
}

/**
 * Ends the processes that a killed stack left behind: our own programs first, then the servers that
 * they use. A pid that now belongs to another process is left alone. Returns the names of the ended
 * processes; throws if a process does not end.
 */
export async function endOrphans(path: string): Promise<string[]> {
  const orphans = readRecord(path).filter(isAlive);
  const isServer = ({ name }: RecordedProcess) => name === 'postgres' || name === 'temporal';
  await Promise.all(orphans.filter((orphan) => !isServer(orphan)).map(end));
  await Promise.all(orphans.filter(isServer).map(end));
  rmSync(path, { force: true });
  return orphans.map(({ name }) => name);
}

function readRecord(path: string): RecordedProcess[] {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as RecordedProcess[];
  } catch {
    return [];
  }
}

function isAlive({ pid, start }: RecordedProcess): boolean {
  return processStart(pid) === start;
}

async function end(orphan: RecordedProcess): Promise<void> {
  // On SIGTERM, PostgreSQL would wait for its clients to leave.
  const request = orphan.name === 'postgres' ? 'SIGINT' : 'SIGTERM';
  if (await signalAndWait(orphan, request, graceMs)) return;
  if (await signalAndWait(orphan, 'SIGKILL', killMs)) return;
  throw new Error(`The ${orphan.name} of a killed stack (process ${orphan.pid}) does not end`);
}

function signalAndWait(
  orphan: RecordedProcess,
  signal: NodeJS.Signals,
  timeoutMs: number,
): Promise<boolean> {
  try {
    if (isAlive(orphan)) process.kill(orphan.pid, signal);
  } catch {
    // It has ended in the meantime.
  }
  return pollUntil(() => !isAlive(orphan), timeoutMs);
}
