import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

const sampleIntervalMs = 100;
const kibibytesPerMebibyte = 1024;

/**
 * Does some work, and returns its result with the largest resident memory of a process in the meantime, in MiB; null
 * except on Linux. Each sample calls `pidOf` again, because the process may begin with the work or be replaced.
 */
export async function withResidentPeak<T>(
  pidOf: () => number | undefined,
  work: () => Promise<T>,
): Promise<{ result: T; peakMiB: number | null }> {
  let peakMiB: number | null = null;
  const done = new AbortController();
  const sampling = (async () => {
    while (!done.signal.aborted) {
      const now = await residentMiB(pidOf() ?? 0);
      if (now !== null) peakMiB = Math.max(peakMiB ?? 0, now);
      await sleep(sampleIntervalMs, undefined, { signal: done.signal }).catch(() => undefined);
    }
  })();
  try {
    const result = await work();
    return { result, peakMiB };
  } finally {
    done.abort();
    await sampling;
  }
}

async function residentMiB(pid: number): Promise<number | null> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  return kibibytes === undefined ? null : Number(kibibytes) / kibibytesPerMebibyte;
}
