import type { BudgetGrant } from '#graph/budget/budget.ts';
import type { AdmitOptions } from '#graph/port/graph-writer.ts';
import { isThrottling, withDelay } from '#graph/wire/throttling.ts';
import { budgetExhausted, budgetWaitMsMax, pauseFor } from './budget-wait.ts';

export interface WriteLaneParts {
  /** Resolves once a token is cached, so that an admitted write goes out at once. */
  readonly ready: () => Promise<unknown>;
  /** Asks the budget for one write. */
  readonly take: (inFlight: number) => Promise<BudgetGrant>;
  readonly throttled: (used: number, retryAfterSeconds: number) => Promise<void>;
  /** Delay after a 429 without Retry-After, in seconds. */
  readonly throttledSeconds: number;
}

/**
 * An admitted write is sent within this time or never: in between, a transaction stores its intent, and Postgres ends
 * longer transactions.
 */
const admissionMsMax = 15_000;
/** Longest pause before the next question to the budget while our own writes in flight fill it. */
const answerWaitSeconds = 1;

interface Waiting {
  readonly deadlineMs: number;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Queues the writes of one tenant and service in this process. First come, first admitted. */
export class WriteLane {
  readonly #parts: WriteLaneParts;
  readonly #waiting: Waiting[] = [];
  /** Admission times of writes not sent yet. */
  #admittedAtMs: number[] = [];
  #sending = 0;
  /** Window count at the last grant. */
  #used = 0;
  #pumping = false;
  /** Resolves at the next answer. */
  #answered = Promise.withResolvers<void>();
  /** Aborts when the queue becomes empty. */
  #queueEmptied = new AbortController();

  constructor(parts: WriteLaneParts) {
    this.#parts = parts;
  }

  /** Waits for room for one write. @throws GraphError, or the reason of the caller's signal. */
  async admit({ signal, waitMsMax = budgetWaitMsMax }: AdmitOptions): Promise<void> {
    signal?.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiting = { deadlineMs: performance.now() + waitMsMax, resolve, reject };
    const giveUp = (): void => {
      this.#leave(waiting);
      reject(signal?.reason);
    };
    signal?.addEventListener('abort', giveUp, { once: true });
    if (this.#queueEmptied.signal.aborted) this.#queueEmptied = new AbortController();
    this.#waiting.push(waiting);
    if (!this.#pumping) void this.#pump();
    try {
      await promise;
    } finally {
      signal?.removeEventListener('abort', giveUp);
    }
  }

  /** Sends one admitted write and reports a 429 to the budget. @throws any error of `write`; a 429 always with a delay. */
  async send<T>(write: () => Promise<T>): Promise<T> {
    this.#admittedAtMs.shift();
    this.#sending += 1;
    const used = this.#used;
    try {
      return await write();
    } catch (error) {
      if (!isThrottling(error)) throw error;
      const refusal = withDelay(error, this.#parts.throttledSeconds);
      await this.#reportThrottling(used, refusal.retryAfterSeconds ?? 0);
      throw refusal;
    } finally {
      this.#sending -= 1;
      this.#answered.resolve();
      this.#answered = Promise.withResolvers<void>();
    }
  }

  async #pump(): Promise<void> {
    this.#pumping = true;
    while (this.#waiting.length > 0) await this.#admitNext();
    this.#pumping = false;
  }

  async #admitNext(): Promise<void> {
    let grant: BudgetGrant;
    // Taken before the budget is asked, so that an answer during the question is not missed.
    const answered = this.#answered.promise;
    try {
      await this.#parts.ready();
      grant = await this.#parts.take(this.#inFlight());
    } catch (error) {
      for (const each of this.#waiting.splice(0)) each.reject(error);
      return;
    }
    if (grant.granted === 0) return this.#wait(grant.waitSeconds, answered);
    const [next] = this.#waiting;
    if (next === undefined) return;
    this.#leave(next);
    this.#used = grant.used;
    this.#admittedAtMs.push(performance.now());
    next.resolve();
  }

  #inFlight(): number {
    const oldestMs = performance.now() - admissionMsMax;
    this.#admittedAtMs = this.#admittedAtMs.filter((atMs) => atMs > oldestMs);
    return this.#sending + this.#admittedAtMs.length;
  }

  async #wait(waitSeconds: number | null, answered: Promise<void>): Promise<void> {
    const untilMs = performance.now() + (waitSeconds ?? 0) * 1_000;
    for (const each of this.#waiting.filter(({ deadlineMs }) => deadlineMs < untilMs)) {
      this.#leave(each);
      each.reject(budgetExhausted(waitSeconds ?? answerWaitSeconds, null));
    }
    if (this.#waiting.length === 0) return;
    if (waitSeconds !== null) return pauseFor(waitSeconds, this.#queueEmptied.signal);
    const over = new AbortController();
    const signal = AbortSignal.any([over.signal, this.#queueEmptied.signal]);
    await Promise.race([answered, pauseFor(answerWaitSeconds, signal)]);
    over.abort();
  }

  #leave(waiting: Waiting): void {
    const at = this.#waiting.indexOf(waiting);
    if (at !== -1) this.#waiting.splice(at, 1);
    if (this.#waiting.length === 0) this.#queueEmptied.abort();
  }

  async #reportThrottling(used: number, retryAfterSeconds: number): Promise<void> {
    try {
      await this.#parts.throttled(used, retryAfterSeconds);
    } catch {
      // The caller gets the 429 in any case; while the budget is unavailable, it admits no writes.
    }
  }
}
