import { readFileSync, rmSync } from 'node:fs';
import { pollUntil } from './poll-until.ts';
import { processStart } from './process-identity.ts';
import { writeFileAtomically } from './write-file-atomically.ts';

interface RecordedProcess {
  name: string;
  pid: number;
  start: string;
}

/** Keeps the list of the processes that a stack started on disk. */
export interface ProcessRecord {
  add(name: string, pid: number): void;
  clear(): void;
}

const graceMs = 10_000;
const killMs = 5_000;

/** Opens an empty record: what an older one names must have been ended before. */
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
 * Ends the processes that a killed stack left behind, those of our own code first and the servers
 * that they use after. A pid that now belongs to another process is left alone.
 * Answers the names of those that were ended; throws when one does not end.
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
  // PostgreSQL would wait for its clients to leave on SIGTERM.
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
    // It ended by itself in between.
  }
  return pollUntil(() => !isAlive(orphan), timeoutMs);
}
