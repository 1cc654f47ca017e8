import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { manifestOf, type TypeTally, unfinishedManifest } from '#domain/backup/manifest.ts';

const hash = 'a'.repeat(64);

/** Whatever is wrong must come alone often enough, or one reason would hide that another is not looked at. */
const mostlyNone = fc.oneof(
  { weight: 6, arbitrary: fc.constant(0) },
  fc.integer({ min: 0, max: 50 }),
);

/** What rows may say of a type, and of it what rows can say: no more is captured than planned. */
const tallies = fc
  .record({
    planned: fc.nat(50),
    unplanned: fc.option(mostlyNone),
    missed: mostlyNone,
    unproved: mostlyNone,
    builtIn: fc.nat(5),
    refusal: fc.constantFrom('none', 'none', 'none', 'forbidden', 'unsupported', 'listingFailed'),
  })
  .map(({ planned, unplanned, missed, unproved, builtIn, refusal }): Omit<TypeTally, 'type'> => {
    const captured = Math.max(0, planned - missed);
    // A listing may have seen more than was planned.
    const listed = unplanned === null ? null : planned + unplanned;
    return {
      ...{ listed: refusal === 'none' ? listed : null, planned, captured, builtIn },
      unproved: Math.min(unproved, captured),
      forbidden: refusal === 'forbidden',
      unsupported: refusal === 'unsupported',
      listingFailed: refusal === 'listingFailed',
    };
  });
const sets = fc
  .array(tallies, { maxLength: 6 })
  .map((rows) => rows.map((row, index): TypeTally => ({ ...row, type: `type${index}` })));

/** Whether all that was asked for is there, said once more from the rows. */
function isWhole(tally: TypeTally): boolean {
  const isThere = tally.captured >= Math.max(tally.planned, tally.listed ?? 0);
  return isThere && tally.unproved === 0 && !tally.forbidden && !tally.listingFailed;
}

describe('the manifest', () => {
  // Catches: complete computed from some of the reasons, or from one type only.
  it('is complete exactly where every type is whole', () => {
    fc.assert(
      fc.property(sets, (rows) => {
        expect(manifestOf(rows, hash).complete).toBe(rows.every(isWhole));
      }),
      { numRuns: 500 },
    );
  });

  // Catches: listed taken from the listing or the plan alone, by which a lost policy would leave no trace.
  it('accounts for everything listed or planned as captured or failed', () => {
    fc.assert(
      fc.property(sets, (rows) => {
        for (const [index, entry] of manifestOf(rows, hash).types.entries()) {
          const { listed, planned, captured, listingFailed, builtIn } = rows[index]!;
          expect(entry.listed).toBe(Math.max(listed ?? 0, planned));
          expect(entry.captured).toBe(captured);
          expect(entry.captured + entry.failed).toBe(entry.listed + (listingFailed ? 1 : 0));
          expect(entry.builtIn).toBe(builtIn);
          const counts = Object.values(entry).filter((value) => typeof value === 'number');
          expect(Math.min(...counts)).toBeGreaterThanOrEqual(0);
        }
      }),
      { numRuns: 500 },
    );
  });

  // Catches: a type left out, or another order than that of the rows.
  it('speaks of every type once, and hands on the hash', () => {
    fc.assert(
      fc.property(sets, (rows) => {
        const manifest = manifestOf(rows, hash);
        expect(manifest.types.map(({ type }) => type)).toEqual(rows.map(({ type }) => type));
        expect(manifest.contentHash).toBe(hash);
      }),
    );
  });

  // Catches: a set that is complete before anything is in it.
  it('of a set that no run has finished is not complete', () => {
    expect(unfinishedManifest).toEqual({ complete: false, contentHash: null, types: [] });
  });
});
