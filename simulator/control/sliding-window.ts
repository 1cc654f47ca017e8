/** Counts the calls in a sliding window, at constant cost per call. */
export class SlidingWindow {
  #moments: number[] = [];
  /** First index inside the window; earlier moments are cut off in large steps. */
  #start = 0;

  /**
   * Counts a call at `nowMs` against a limit within the last `windowMs`. Returns 0 if there was room for it, else the
   * milliseconds until there is room again. As Graph documents, refused calls count, too.
   */
  count(limit: number, windowMs: number, nowMs: number): number {
    this.#forget(nowMs - windowMs);
    const length = this.#moments.length - this.#start;
    // Twice the limit is enough to remember: the window is full either way.
    if (length < limit * 2) this.#moments.push(nowMs);
    if (length < limit) return 0;
    const freeing = this.#moments.at(-limit) ?? nowMs;
    return freeing + windowMs - nowMs;
  }

  #forget(beforeMs: number): void {
    const { length } = this.#moments;
    while (this.#start < length && (this.#moments[this.#start] ?? 0) <= beforeMs) this.#start += 1;
    // Amortized: each moment moves at most once each time half of them have left.
    if (this.#start * 2 <= length) return;
    this.#moments = this.#moments.slice(this.#start);
    this.#start = 0;
  }
}
