import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * The start time of a process, as an opaque word. With the pid it identifies the process, even when
 * the pid is used again. Undefined for a zombie and for an unknown pid.
 */
export function processStart(pid: number): string | undefined {
  return process.platform === 'linux' ? startFromProc(pid) : startFromPs(pid);
}

/** Whether a process with this pid runs; a zombie does not. */
export function isRunning(pid: number): boolean {
  return processStart(pid) !== undefined;
}

function startFromProc(pid: number): string | undefined {
  try {
    // The command's name is in parentheses and may contain any character; the fields follow the
    // last parenthesis.
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
