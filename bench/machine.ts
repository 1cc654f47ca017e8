import { cpus, loadavg, totalmem } from 'node:os';

const bytesPerGiB = 1024 ** 3;

/** What there is to know of the machine that the numbers come from. */
export function describeMachine(): Record<string, string | number> {
  return {
    cores: cpus().length,
    processor: cpus()[0]?.model ?? 'unknown',
    memoryGiB: Math.round(totalmem() / bytesPerGiB),
    system: `${process.platform} ${process.arch}`,
    node: process.version,
    // Above 0.5 or so, something else was running, and times are longer than they need be; ratios suffer less.
    loadBefore: Number((loadavg()[0] ?? 0).toFixed(1)),
  };
}
