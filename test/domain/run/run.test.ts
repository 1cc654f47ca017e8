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

// Written out, and not derived from the code: the arrows of a run's life.
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
  // Catches: any arrow added or lost, above all one that leads out of an end.
  it.each(pairs)('from %s to %s', (from, to) => {
    expect(isLegalTransition(from, to)).toBe(arrows.has(`${from} ${to}`));
    expect(statusesLeadingTo(to).includes(from)).toBe(arrows.has(`${from} ${to}`));
  });

  // Catches: a status that holds its key for ever, or gives it up while its workflow still works.
  it('are over exactly where the key is free again', () => {
    const active: readonly RunStatus[] = activeRunStatuses;
    for (const status of runStatuses) expect(isTerminal(status)).toBe(!active.includes(status));
  });
});

type Outcome = 'succeeded' | 'failed' | 'skipped';

/** The contract's words, item by item. */
function statusByTheContract(outcomes: readonly Outcome[]): RunStatus {
  if (outcomes.every((outcome) => outcome === 'succeeded')) return 'succeeded';
  if (outcomes.includes('succeeded')) return 'partial';
  if (outcomes.includes('failed')) return 'failed';
  return 'partial';
}

describe('the status that the items give a run', () => {
  // Catches: counts compared with > for >=, skipped taken for failed, an empty run that fails.
  it('is the one of the contract', () => {
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
