import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { manifestOf, type TypeTally, unfinishedManifest } from '#domain/backup/manifest.ts';

const hash = 'a'.repeat(64);

/** Each fault must often come alone, or one reason would hide another that the code does not check. */
const mostlyNone = fc.oneof(
  { weight: 6, arbitrary: fc.constant(0) },
  fc.integer({ min: 0, max: 50 }),
);

/** Possible rows of a type: never more captured than planned. */
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
    // A listing may have seen more policies than were planned.
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

/** The expected completeness, computed a second time from the rows. */
function isWhole(tally: TypeTally): boolean {
  const isThere = tally.captured >= Math.max(tally.planned, tally.listed ?? 0);
  return isThere && tally.unproved === 0 && !tally.forbidden && !tally.listingFailed;
}

describe('manifestOf', () => {
  // Catches: complete computed from some of the reasons, or from one type only.
  it('is complete exactly if every type is whole', () => {
    fc.assert(
      fc.property(sets, (rows) => {
        expect(manifestOf(rows, hash).complete).toBe(rows.every(isWhole));
      }),
      { numRuns: 500 },
    );
  });

  // Catches: `listed` taken only from the listing or the plan, so that a lost policy leaves no trace.
  it('accounts for every listed or planned policy as captured or failed', () => {
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

  // Catches: a missing type, or another order than the rows'.
  it('names every type once and passes the hash on', () => {
    fc.assert(
      fc.property(sets, (rows) => {
        const manifest = manifestOf(rows, hash);
        expect(manifest.types.map(({ type }) => type)).toEqual(rows.map(({ type }) => type));
        expect(manifest.contentHash).toBe(hash);
      }),
    );
  });

  // Catches: an empty set that counts as complete.
  it('is not complete for a set without a finished run', () => {
    expect(unfinishedManifest).toEqual({ complete: false, contentHash: null, types: [] });
  });
});
