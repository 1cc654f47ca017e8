import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * When a process was started, as an opaque word that, with the pid, names the process for good: a
 * pid used again has another. Undefined when there is no such process or it is a zombie.
 */
export function processStart(pid: number): string | undefined {
  return process.platform === 'linux' ? startFromProc(pid) : startFromPs(pid);
}

/** Tells whether a process with this pid runs; a zombie does not. */
export function isRunning(pid: number): boolean {
  return processStart(pid) !== undefined;
}

function startFromProc(pid: number): string | undefined {
  try {
    // The command's name stands in parentheses and may hold anything; the fields follow the last.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state, startTicks] = [fields[0], fields[19]];
    if (state === 'Z' || state === 'X' || startTicks === undefined) return undefined;
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}:${startTicks}`;
  } catch {
    return undefined;
  }
}

function startFromPs(pid: number): string | undefined {
  const { status, stdout } = spawnSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
  });
  const line = (stdout ?? '').trim();
  return status !== 0 || line === '' || line.startsWith('Z')
    ? undefined
    : line.replace(/^\S+\s+/, '');
}
