import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SlidingWindow } from '#simulator/control/sliding-window.ts';

const windowMs = 100;

/** The reference: keeps all moments and counts them for each call. */
function slowly(limit: number, moments: readonly number[]): boolean[] {
  const counted: number[] = [];
  return moments.map((now) => {
    const inWindow = counted.filter((at) => at > now - windowMs);
    // Like the window it keeps at most twice the limit.
    if (inWindow.length < limit * 2) counted.push(now);
    return inWindow.length < limit;
  });
}

describe('SlidingWindow', () => {
  // Catches: moments dropped too early or too late, a limit off by one, and moments lost in a cut.
  it('SlidingWindow admits the same calls as a simple count', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 8 }),
        fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 200 }),
        (limit, gaps) => {
          let clock = 0;
          const moments = gaps.map((gap) => (clock += gap));
          const window = new SlidingWindow();
          const passed = moments.map((at) => window.count(limit, windowMs, at) === 0);
          expect(passed).toEqual(slowly(limit, moments));
        },
      ),
    );
  });

  // Catches: a delay ending before there is room, or long after.
  it('SlidingWindow returns the delay until there is room', () => {
    const window = new SlidingWindow();
    expect([0, 10, 20].map((now) => window.count(2, windowMs, now))).toEqual([0, 0, 90]);
    expect(window.count(2, windowMs, 111)).toBe(0);
  });
});
