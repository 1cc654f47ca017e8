import type { GraphAnswer } from '#graph/port/graph-reader.ts';

/** A get that has been asked for and not answered. */
export interface PendingRead {
  /** Absolute, and checked. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly clientRequestId: string;
  readonly signal: AbortSignal | undefined;
  /** How long it waits for room in the budget. */
  readonly budgetWaitMs: number;
  /** Goes by itself: its envelope has failed in a way that says nothing of it, or it cannot be a member. */
  alone: boolean;
  /** When the budget first had no room for it, on performance's clock. */
  refusedAtMs: number | null;
  readonly resolve: (answer: GraphAnswer) => void;
  readonly reject: (error: unknown) => void;
}

/** What became of a read that was sent; `alone` means that it must be sent again, by itself. */
export type ReadOutcome =
  { readonly answer: GraphAnswer } | { readonly error: unknown } | { readonly alone: true };
