import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { forEachConcurrent, mapConcurrent } from '#domain/concurrency/concurrent.ts';
import { settleAll } from '#domain/concurrency/settle-all.ts';

describe('forEachConcurrent', () => {
  // Catches: a lane too many; an element that is skipped, taken twice or begun out of order.
  it('begins every element once, in order, and never has more than the limit in flight', async () => {
    const pauses = fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(pauses, fc.integer({ min: 1, max: 8 }), async (elements, limit) => {
        const begun: number[] = [];
        let inFlight = 0;
        let most = 0;
        await forEachConcurrent(limit, elements.entries(), async ([index, pause]) => {
          begun.push(index);
          inFlight += 1;
          most = Math.max(most, inFlight);
          await sleep(pause);
          inFlight -= 1;
        });
        expect(begun).toEqual([...elements.keys()]);
        expect(most).toBe(Math.min(limit, elements.length));
      }),
      { numRuns: 50 },
    );
  });

  // Catches: work that goes on behind the back of a caller who has already seen the failure.
  it('begins nothing after a failure, and throws it when the elements in flight have ended', async () => {
    const begun: string[] = [];
    const ended: string[] = [];
    const work = forEachConcurrent(2, ['slow', 'failing', 'never'], async (name) => {
      begun.push(name);
      if (name === 'failing') throw new Error(name);
      await sleep(20);
      ended.push(name);
    });
    await expect(work).rejects.toThrow('failing');
    expect({ begun, ended }).toEqual({ begun: ['slow', 'failing'], ended: ['slow'] });
  });

  // Catches: lanes of a workflow that stop, although histories of earlier versions hold their further commands.
  it('lets the other lanes go on after a failure if the caller says so', async () => {
    const begun: string[] = [];
    const work = async (name: string) => {
      begun.push(name);
      if (name === 'failing') throw new Error(name);
      await sleep(5);
    };
    const elements = ['slow', 'failing', 'later', 'last'];
    await expect(forEachConcurrent(2, elements, work, 'goOn')).rejects.toThrow('failing');
    expect(begun).toEqual(elements);
  });

  // Catches: a range that is taken from a generator before its turn; how far a run has come would then be wrong.
  it('reads an iterator only when an element can begin', async () => {
    let taken = 0;
    function* numbers() {
      while (taken < 10) yield (taken += 1);
    }
    const takenAtStart: number[] = [];
    await forEachConcurrent(2, numbers(), async () => {
      takenAtStart.push(taken);
      await sleep(1);
    });
    expect(takenAtStart).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });
});

describe('mapConcurrent', () => {
  it('returns the results in the order of the elements, whichever ends first', async () => {
    const results = await mapConcurrent(3, [6, 1, 3, 0], async (pause) => {
      await sleep(pause);
      return pause * 2;
    });
    expect(results).toEqual([12, 2, 6, 0]);
  });
});

describe('settleAll', () => {
  it('rejects with the first failure in order, after all promises have ended', async () => {
    let ended = false;
    const slow = sleep(20).then(() => {
      ended = true;
    });
    const fails = (name: string) => Promise.reject(new Error(name));
    await expect(settleAll([slow, fails('first'), fails('second')])).rejects.toThrow('first');
    expect(ended).toBe(true);
  });
});
