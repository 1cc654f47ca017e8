import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  activeRunStatuses,
  isLegalTransition,
  isTerminal,
  type RunStatus,
  runStatuses,
  statusesLeadingTo,
  statusFromCounts,
} from '#domain/run/run.ts';

// The arrows of a run's life, written out and not derived from the code.
const arrows = new Set([
  'queued running',
  'queued failed',
  'queued canceled',
  'running succeeded',
  'running partial',
  'running failed',
  'running canceled',
]);

const pairs = runStatuses.flatMap((from) =>
  runStatuses.map((to): [RunStatus, RunStatus] => [from, to]),
);

describe('the transitions of a run', () => {
  // Catches: an added or lost arrow, above all one out of a final status.
  it.each(pairs)('transition from %s to %s is legal as in the contract', (from, to) => {
    expect(isLegalTransition(from, to)).toBe(arrows.has(`${from} ${to}`));
    expect(statusesLeadingTo(to).includes(from)).toBe(arrows.has(`${from} ${to}`));
  });

  // Catches: a status that holds its key forever, or releases it while the workflow is running.
  it('final statuses are exactly the ones that release the key', () => {
    const active: readonly RunStatus[] = activeRunStatuses;
    for (const status of runStatuses) expect(isTerminal(status)).toBe(!active.includes(status));
  });
});

type Outcome = 'succeeded' | 'failed' | 'skipped';

/** The contract's rule, item by item. */
function statusByTheContract(outcomes: readonly Outcome[]): RunStatus {
  if (outcomes.every((outcome) => outcome === 'succeeded')) return 'succeeded';
  if (outcomes.includes('succeeded')) return 'partial';
  if (outcomes.includes('failed')) return 'failed';
  return 'partial';
}

describe('the status that the items give a run', () => {
  // Catches: counts compared by > instead of >=, skipped taken for failed, an empty run that fails.
  it('statusFromCounts follows the contract', () => {
    const outcomes = fc.array(fc.constantFrom<Outcome>('succeeded', 'failed', 'skipped'), {
      maxLength: 6,
    });
    const count = (of: readonly Outcome[], kind: Outcome) => of.filter((o) => o === kind).length;
    fc.assert(
      fc.property(outcomes, (items) => {
        const counts = {
          total: items.length,
          succeeded: count(items, 'succeeded'),
          failed: count(items, 'failed'),
          skipped: count(items, 'skipped'),
        };
        expect(statusFromCounts(counts)).toBe(statusByTheContract(items));
      }),
      { numRuns: 500 },
    );
  });
});
