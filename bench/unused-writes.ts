import { benchThrottle } from './graph-floor.ts';

/**
 * Takes when writes arrived, in order, in milliseconds, and returns how much of what Graph would have let through was not
 * used while anything was left to write, in percent: of all windows that had begun with the first write and ended
 * before the last one.
 * Throws a RangeError where there is no such window.
 */
export function unusedWritePercent(writesAtMs: readonly number[]): number {
  const { windowSeconds, writes } = benchThrottle;
  const [firstMs = 0] = writesAtMs;
  const windowMs = windowSeconds * 1_000;
  const windows = Math.floor(((writesAtMs.at(-1) ?? firstMs) - firstMs) / windowMs);
  if (windows === 0) throw new RangeError('the writes do not outlast a window');
  const used = writesAtMs.filter((atMs) => atMs < firstMs + windows * windowMs).length;
  return 100 * (1 - used / (windows * writes));
}
