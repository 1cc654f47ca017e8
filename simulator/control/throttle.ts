import { SlidingWindow } from './sliding-window.ts';

/** How many calls the service carries out for one application in one tenant. */
export interface Limits {
  readonly windowSeconds: number;
  readonly requests: number;
  readonly writes: number;
  readonly latencyMs: number;
  /** The calls of conditional access in a second, of all applications of the tenant together. */
  readonly conditionalAccess: number;
}

/** The documented limits: 1,000 requests in 20 seconds, of which 100 may be writes; conditional access one a second. */
export const documentedLimits: Limits = {
  windowSeconds: 20,
  requests: 1000,
  writes: 100,
  latencyMs: 0,
  conditionalAccess: 1,
};

/** All applications of a tenant together may do twice as much as one of them. */
const tenantFactor = 2;
/** Beyond this number of callers counting starts anew, so that it cannot fill the memory. */
const windowsMax = 10_000;

/** Whose calls are counted together: each service behind Graph counts for itself. */
export interface ThrottledCaller {
  readonly tenant: string;
  readonly appId: string;
  readonly service: string;
}

const conditionalAccessWindowMs = 1000;

/** A call that is turned away: the whole seconds to wait, or null where the service does not tell. */
export interface TurnedAway {
  readonly retryAfterSeconds: number | null;
}

/** Sliding windows over the calls of each tenant and of each application in it, writes counted apart as well. */
export class Throttle {
  #all: Limits = documentedLimits;
  readonly #byTenant = new Map<string, Limits>();
  readonly #windows = new Map<string, SlidingWindow>();

  /** Sets the limits of one tenant, or of all (which forgets what was set for single ones). Counting starts anew. */
  set(tenant: string | null, limits: Limits): void {
    this.#windows.clear();
    if (tenant !== null) {
      this.#byTenant.set(tenant.toLowerCase(), limits);
      return;
    }
    this.#byTenant.clear();
    this.#all = limits;
  }

  limits(tenant: string): Limits {
    return this.#byTenant.get(tenant) ?? this.#all;
  }

  /** Counts a call; null if it may go on. A call that is turned away counts as well, as Graph's documentation has it. */
  take(caller: ThrottledCaller, write: boolean, nowMs: number): TurnedAway | null {
    const { appId, service, tenant } = caller;
    const limits = this.limits(tenant);
    const all = `${service} ${tenant}`;
    if (service === 'conditionalAccess') return this.#takeConditionalAccess(all, limits, nowMs);
    const app = `${all} ${appId}`;
    const windowMs = limits.windowSeconds * 1000;
    const count = (name: string, limit: number): number =>
      this.#window(name).count(limit, windowMs, nowMs);
    const waitMs = Math.max(
      count(`${app} requests`, limits.requests),
      count(`${all} requests`, limits.requests * tenantFactor),
      write ? count(`${app} writes`, limits.writes) : 0,
      write ? count(`${all} writes`, limits.writes * tenantFactor) : 0,
    );
    if (waitMs <= 0) return null;
    return { retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)) };
  }

  /** Conditional access has a limit of its own and keeps to itself when a call may come again. */
  #takeConditionalAccess(name: string, limits: Limits, nowMs: number): TurnedAway | null {
    const window = this.#window(name);
    const waitMs = window.count(limits.conditionalAccess, conditionalAccessWindowMs, nowMs);
    return waitMs <= 0 ? null : { retryAfterSeconds: null };
  }

  #window(name: string): SlidingWindow {
    const known = this.#windows.get(name);
    if (known !== undefined) return known;
    if (this.#windows.size >= windowsMax) this.#windows.clear();
    const window = new SlidingWindow();
    this.#windows.set(name, window);
    return window;
  }
}
