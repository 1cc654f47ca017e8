import { SlidingWindow } from './sliding-window.ts';

/** Limits for one application in one tenant. */
export interface Limits {
  readonly windowSeconds: number;
  readonly requests: number;
  readonly writes: number;
  readonly latencyMs: number;
  /** Conditional Access calls per second, for all applications of the tenant together. */
  readonly conditionalAccess: number;
}

/**
 * Microsoft's documented limits: 1,000 requests in 20 seconds, at most 100 of them writes; Conditional Access one per
 * second.
 */
export const documentedLimits: Limits = {
  windowSeconds: 20,
  requests: 1000,
  writes: 100,
  latencyMs: 0,
  conditionalAccess: 1,
};

/** All applications of a tenant together may send twice as much as one of them. */
const tenantFactor = 2;
/** With more callers all counts restart, to bound the memory. */
const windowsMax = 10_000;

/** The key of a count: each service behind Graph counts separately. */
export interface ThrottledCaller {
  readonly tenant: string;
  readonly appId: string;
  readonly service: string;
}

const conditionalAccessWindowMs = 1000;

/** A refused call: the delay in whole seconds; null if the service does not tell it. */
export interface TurnedAway {
  readonly retryAfterSeconds: number | null;
}

/** Sliding windows per tenant and per application in it, with separate ones for writes. */
export class Throttle {
  #all: Limits = documentedLimits;
  readonly #byTenant = new Map<string, Limits>();
  readonly #windows = new Map<string, SlidingWindow>();

  /** Sets the limits of one tenant, or of all (then single tenants' limits are dropped). All counts restart. */
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

  /** Counts a call; null if it may go on. As Graph documents, refused calls count, too. */
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

  /** Conditional Access has its own limit and sends no Retry-After. */
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
