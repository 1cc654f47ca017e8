export type Log = (line: string) => void;

/** A shorter silence needs no explanation. */
const firstWordMs = 2_000;
const intervalMs = 5_000;

/** Waits for `work`, and prints every few seconds that `what` goes on, with the time so far. */
export async function withProgress<T>(what: string, work: Promise<T>, log: Log): Promise<T> {
  const startedAt = performance.now();
  const report = () =>
    log(`${what}: ${Math.round((performance.now() - startedAt) / 1000)} s so far`);
  let interval: NodeJS.Timeout | undefined;
  const first = setTimeout(() => {
    report();
    interval = setInterval(report, intervalMs);
  }, firstWordMs);
  try {
    return await work;
  } finally {
    clearTimeout(first);
    clearInterval(interval);
  }
}
