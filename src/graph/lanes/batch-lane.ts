import { setImmediate as nextTurn } from 'node:timers/promises';
import type { BudgetGrant } from '#graph/budget/budget.ts';
import { batchMembersMax } from '#graph/wire/batch-envelope.ts';
import { isThrottling, withDelay } from '#graph/wire/throttling.ts';
import type { PendingRead, ReadOutcome } from './batch-read.ts';
import type { SendReads } from './batch-send.ts';
import { budgetExhausted, canWaitFor, pauseFor } from './budget-wait.ts';

export interface LaneParts {
  /** Resolves once a token is cached, so that granted requests go out at once. */
  readonly ready: () => Promise<unknown>;
  readonly take: (wanted: number, inFlight: number) => Promise<BudgetGrant>;
  readonly throttled: (used: number, retryAfterSeconds: number) => Promise<void>;
  readonly send: SendReads;
  readonly callsInFlightMax: number;
  /** Delay after a 429 without Retry-After, in seconds. */
  readonly throttledSeconds: number;
  /** Called when the queue is empty and no request is in flight. */
  readonly onIdle: () => void;
}

/**
 * Queues the reads of one tenant and service and sends them in batches. Reads share a batch if they arrive in the
 * same turn of the event loop, or while earlier calls are in flight. First in, first out.
 */
export class BatchLane {
  readonly #parts: LaneParts;
  readonly #waiting: PendingRead[] = [];
  #calls = 0;
  #inFlight = 0;
  #pumping = false;
  /** Resolves at the next answer. */
  #answered = Promise.withResolvers<void>();
  /** Aborts when the queue becomes empty. */
  #queueEmptied = new AbortController();

  constructor(parts: LaneParts) {
    this.#parts = parts;
  }

  add(read: PendingRead): void {
    this.#enqueue(read, 'last');
    if (!this.#pumping) void this.#pump();
  }

  /** Removes a read after its caller gave up; a read in flight stays in flight. */
  remove(read: PendingRead): void {
    const at = this.#waiting.indexOf(read);
    if (at !== -1) this.#takeOut(at, 1);
  }

  async #pump(): Promise<void> {
    this.#pumping = true;
    for (;;) {
      // Callers who just got an answer ask for their next read within this turn.
      await nextTurn();
      if (this.#waiting.length === 0) break;
      if (this.#calls >= this.#parts.callsInFlightMax) await this.#answered.promise;
      else await this.#sendNext();
    }
    this.#pumping = false;
    if (this.#calls === 0) this.#parts.onIdle();
  }

  async #sendNext(): Promise<void> {
    let grant: BudgetGrant;
    let answered: Promise<void> | null = null;
    try {
      await this.#parts.ready();
      if (this.#waiting.length === 0) return;
      // Taken before the budget is asked, so that an answer during the question is not missed.
      if (this.#inFlight > 0) answered = this.#answered.promise;
      grant = await this.#parts.take(this.#nextCount(batchMembersMax), this.#inFlight);
    } catch (error) {
      for (const read of this.#takeOut(0, this.#waiting.length)) read.reject(error);
      return;
    }
    const reads = this.#takeOut(0, this.#nextCount(grant.granted));
    if (reads.length > 0) void this.#sendTogether(reads, grant.used);
    else if (grant.granted === 0 && grant.waitSeconds === null && answered) await answered;
    else if (grant.granted === 0) await this.#wait(grant.waitSeconds ?? 1);
  }

  /** Returns how many reads at the head of the queue go out together, at most `max`. */
  #nextCount(max: number): number {
    if (this.#waiting[0]?.alone === true) return Math.min(1, max);
    const alone = this.#waiting.findIndex((read) => read.alone);
    return Math.min(max, alone === -1 ? this.#waiting.length : alone);
  }

  async #wait(seconds: number): Promise<void> {
    const now = performance.now();
    for (const read of this.#waiting.filter((each) => !canWaitFor(each, seconds, now))) {
      this.remove(read);
      read.reject(budgetExhausted(seconds, read.clientRequestId));
    }
    if (this.#waiting.length > 0) await pauseFor(seconds, this.#queueEmptied.signal);
  }

  async #sendTogether(reads: readonly PendingRead[], used: number): Promise<void> {
    this.#calls += 1;
    this.#inFlight += reads.length;
    const outcomes = (await this.#parts.send(reads)).map((outcome) => this.#withDelay(outcome));
    // Must happen before the next question to the budget.
    await this.#reportThrottling(outcomes, used);
    this.#calls -= 1;
    this.#inFlight -= reads.length;
    for (const [index, read] of reads.entries()) this.#settle(read, outcomes[index]);
    this.#answered.resolve();
    this.#answered = Promise.withResolvers<void>();
    if (!this.#pumping && this.#calls === 0) this.#parts.onIdle();
  }

  #withDelay(outcome: ReadOutcome): ReadOutcome {
    if (!('error' in outcome) || !isThrottling(outcome.error)) return outcome;
    return { error: withDelay(outcome.error, this.#parts.throttledSeconds) };
  }

  async #reportThrottling(outcomes: readonly ReadOutcome[], used: number): Promise<void> {
    const refusals = outcomes.flatMap((outcome) =>
      'error' in outcome && isThrottling(outcome.error)
        ? (outcome.error.retryAfterSeconds ?? [])
        : [],
    );
    if (refusals.length === 0) return;
    try {
      await this.#parts.throttled(used, Math.max(...refusals));
    } catch {
      // The callers get the 429 in any case; while the budget is unavailable, it grants no requests.
    }
  }

  #settle(read: PendingRead, outcome: ReadOutcome | undefined): void {
    if (outcome === undefined) read.reject(new Error('a read was sent and has no outcome'));
    else if ('answer' in outcome) read.resolve(outcome.answer);
    else if ('error' in outcome) read.reject(outcome.error);
    else if (read.signal?.aborted !== true) {
      read.alone = true;
      this.#enqueue(read, 'first');
      if (!this.#pumping) void this.#pump();
    }
  }

  #enqueue(read: PendingRead, place: 'first' | 'last'): void {
    if (this.#queueEmptied.signal.aborted) this.#queueEmptied = new AbortController();
    if (place === 'first') this.#waiting.unshift(read);
    else this.#waiting.push(read);
  }

  #takeOut(start: number, count: number): PendingRead[] {
    const reads = this.#waiting.splice(start, count);
    if (this.#waiting.length === 0) this.#queueEmptied.abort();
    return reads;
  }
}
