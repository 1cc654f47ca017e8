import type { RestoreOfRun } from '#activities/restore/plan/restore-of-run.ts';
import type { ActivityDeps } from '#activities/runtime/deps.ts';
import type { IntendedWrite } from '#db/restore/graph-writes.ts';
import type { RestoreItem } from '#db/restore/restore-items.ts';
import type { PolicyType } from '#domain/policy-types/policy-type.ts';
import type { FailureCode, FailureContext } from '#domain/run/failure.ts';
import type { GraphReader } from '#graph/port/graph-reader.ts';
import type { GraphWriter } from '#graph/port/graph-writer.ts';
import type { ReachFailpoint } from './failpoint.ts';

/** What an attempt at one item of a restore works with. */
export interface ItemContext {
  readonly deps: ActivityDeps;
  readonly restore: RestoreOfRun;
  readonly item: RestoreItem;
  readonly type: PolicyType;
  readonly reader: GraphReader;
  readonly writer: GraphWriter;
  /** As they were when the attempt began. */
  readonly writes: readonly IntendedWrite[];
  /** Ends when the attempt does. Nothing but waiting and reading heeds it: what is being written is written. */
  readonly signal: AbortSignal;
  /** When the attempt does, by `performance.now`. */
  readonly endsAtMs: number;
  readonly reached: ReachFailpoint;
}

interface RetryLaterFacts {
  readonly afterMs: number;
  /** Whether Graph was asked in vain: only then does it count as an attempt. */
  readonly counts?: boolean;
  /** Whether it has been in vain often enough. */
  readonly final?: boolean;
  readonly context?: FailureContext;
}

/** The item has to be taken up again later, unless it has been often enough. */
export class RetryLaterError extends Error {
  override readonly name = 'RetryLaterError';
  readonly code: FailureCode;
  readonly afterMs: number;
  readonly counts: boolean;
  readonly final: boolean;
  readonly context: FailureContext;

  constructor(
    code: FailureCode,
    { afterMs, counts = false, final = false, context = {} }: RetryLaterFacts,
  ) {
    super(`come back in ${afterMs} ms: ${code}`);
    this.code = code;
    this.afterMs = afterMs;
    this.counts = counts;
    this.final = final;
    this.context = context;
  }
}
