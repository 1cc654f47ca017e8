import { cpus, loadavg, totalmem } from 'node:os';

const bytesPerGiB = 1024 ** 3;

/** Describes the machine of the measurement. */
export function describeMachine(): Record<string, string | number> {
  return {
    cores: cpus().length,
    processor: cpus()[0]?.model ?? 'unknown',
    memoryGiB: Math.round(totalmem() / bytesPerGiB),
    system: `${process.platform} ${process.arch}`,
    node: process.version,
    // A load above about 0.5 means other work on the machine: times are too long; ratios suffer less.
    loadBefore: Number((loadavg()[0] ?? 0).toFixed(1)),
  };
}
