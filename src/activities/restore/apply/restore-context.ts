import type { RestoreOfRun } from '#activities/restore/plan/restore-of-run.ts';
import type { ActivityDeps } from '#activities/runtime/deps.ts';
import type { IntendedWrite } from '#db/restore/graph-writes.ts';
import type { RestoreItem } from '#db/restore/restore-items.ts';
import type { PolicyType } from '#domain/policy-types/policy-type.ts';
import type { FailureCode, FailureContext } from '#domain/run/failure.ts';
import type { GraphReader } from '#graph/port/graph-reader.ts';
import type { GraphWriter } from '#graph/port/graph-writer.ts';
import type { ReachFailpoint } from './failpoint.ts';

/** The context of an attempt at one item of a restore. */
export interface ItemContext {
  readonly deps: ActivityDeps;
  readonly restore: RestoreOfRun;
  readonly item: RestoreItem;
  readonly type: PolicyType;
  readonly reader: GraphReader;
  readonly writer: GraphWriter;
  /** The writes as of the start of the attempt. */
  readonly writes: readonly IntendedWrite[];
  /** Aborts at the end of the attempt. Only waits and reads heed it: a write in flight is finished. */
  readonly signal: AbortSignal;
  /** The end of the attempt, by `performance.now`. */
  readonly endsAtMs: number;
  readonly reached: ReachFailpoint;
}

interface RetryLaterFacts {
  readonly afterMs: number;
  /** True if Graph was asked without success: only then the attempt counts. */
  readonly counts?: boolean;
  /** True if the attempts are used up. */
  readonly final?: boolean;
  readonly context?: FailureContext;
}

/** Ends an attempt whose item must be retried later, unless its attempts are used up. */
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
    super(`retry in ${afterMs} ms: ${code}`);
    this.code = code;
    this.afterMs = afterMs;
    this.counts = counts;
    this.final = final;
    this.context = context;
  }
}
