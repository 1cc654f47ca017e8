import { benchThrottle } from './graph-floor.ts';

/**
 * The percentage of Graph's write limit that stayed unused, over all windows between the first and the last write.
 * `writesAtMs` are their arrival times in order. Throws a RangeError if there is no such window.
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
