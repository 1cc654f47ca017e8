/** The moments of the calls in a window that moves with time. Counting a call costs the same however full it is. */
export class SlidingWindow {
  #moments: number[] = [];
  /** Where the window starts: what lies before it has left the window and is cut off in large steps. */
  #start = 0;

  /**
   * Counts a call at `nowMs` against a limit in the last `windowMs`. Answers the milliseconds until there is room
   * again, 0 if there was room for this one. A call that is turned away counts as well, as Graph's documentation has it.
   */
  count(limit: number, windowMs: number, nowMs: number): number {
    this.#forget(nowMs - windowMs);
    const length = this.#moments.length - this.#start;
    // More than twice the limit need not be remembered: the window is full either way.
    if (length < limit * 2) this.#moments.push(nowMs);
    if (length < limit) return 0;
    const freeing = this.#moments.at(-limit) ?? nowMs;
    return freeing + windowMs - nowMs;
  }

  #forget(beforeMs: number): void {
    const { length } = this.#moments;
    while (this.#start < length && (this.#moments[this.#start] ?? 0) <= beforeMs) this.#start += 1;
    // Each moment is moved at most once for every time that half of them have left.
    if (this.#start * 2 <= length) return;
    this.#moments = this.#moments.slice(this.#start);
    this.#start = 0;
  }
}
