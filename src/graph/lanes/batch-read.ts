import type { GraphAnswer } from '#graph/port/graph-reader.ts';

/** A get without an answer yet. */
export interface PendingRead {
  /** Absolute and checked. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly clientRequestId: string;
  readonly signal: AbortSignal | undefined;
  /** Longest wait for room in the budget. */
  readonly budgetWaitMs: number;
  /** Send outside a batch: its batch failed as a whole, Graph refused its token, or its URL has dot segments. */
  alone: boolean;
  /** First refusal by the budget, on performance's clock. */
  refusedAtMs: number | null;
  readonly resolve: (answer: GraphAnswer) => void;
  readonly reject: (error: unknown) => void;
}

/** Result of a sent read; `alone`: send it again, outside a batch. */
export type ReadOutcome =
  { readonly answer: GraphAnswer } | { readonly error: unknown } | { readonly alone: true };
