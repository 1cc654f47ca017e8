/** How many calls the service carries out for one application in one tenant. */
export interface Limits {
  readonly windowSeconds: number;
  readonly requests: number;
  readonly writes: number;
  readonly latencyMs: number;
}

/** Intune's documented limits: 1,000 requests in 20 seconds, of which 100 may be writes. */
export const documentedLimits: Limits = {
  windowSeconds: 20,
  requests: 1000,
  writes: 100,
  latencyMs: 0,
};

/** All applications of a tenant together may do twice as much as one of them. */
const tenantFactor = 2;
/** Buckets that nobody has used for a while are dropped beyond this number. */
const bucketsMax = 10_000;

/** Whose calls are counted together: each service behind Graph counts for itself. */
export interface ThrottledCaller {
  readonly tenant: string;
  readonly appId: string;
  readonly service: string;
}

/** The calls of the last window, oldest first. */
type Bucket = number[];

/** Sliding windows over the calls of each tenant and of each application in it, writes counted apart as well. */
export class Throttle {
  #all: Limits = documentedLimits;
  readonly #byTenant = new Map<string, Limits>();
  readonly #buckets = new Map<string, Bucket>();

  /** Sets the limits of one tenant, or of all (which forgets what was set for single ones). Counting starts anew. */
  set(tenant: string | null, limits: Limits): void {
    this.#buckets.clear();
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

  /**
   * Counts a call and returns null if it may go on, or the whole seconds after which it may come again. A call that is
   * turned away counts as well, as Graph's documentation has it.
   */
  take(caller: ThrottledCaller, write: boolean, nowMs: number): number | null {
    const { appId, service, tenant } = caller;
    const limits = this.limits(tenant);
    const all = `${service} ${tenant}`;
    const app = `${all} ${appId}`;
    const waits = [
      this.#count(`${app} requests`, limits.requests, limits, nowMs),
      this.#count(`${all} requests`, limits.requests * tenantFactor, limits, nowMs),
      ...(write
        ? [
            this.#count(`${app} writes`, limits.writes, limits, nowMs),
            this.#count(`${all} writes`, limits.writes * tenantFactor, limits, nowMs),
          ]
        : []),
    ];
    const waitMs = Math.max(...waits);
    return waitMs <= 0 ? null : Math.max(1, Math.ceil(waitMs / 1000));
  }

  /** Counts a call in a bucket; the milliseconds until there is room again, 0 if there is now. */
  #count(name: string, limit: number, limits: Limits, nowMs: number): number {
    const windowMs = limits.windowSeconds * 1000;
    const bucket = this.#bucket(name);
    const firstInWindow = bucket.findIndex((at) => at > nowMs - windowMs);
    bucket.splice(0, firstInWindow === -1 ? bucket.length : firstInWindow);
    const isFull = bucket.length >= limit;
    // More than twice the limit need not be remembered: the window is full either way.
    if (bucket.length < limit * 2) bucket.push(nowMs);
    if (!isFull) return 0;
    const freeing = bucket.at(-limit) ?? nowMs;
    return freeing + windowMs - nowMs;
  }

  #bucket(name: string): Bucket {
    const bucket = this.#buckets.get(name) ?? [];
    if (this.#buckets.size > bucketsMax) this.#buckets.clear();
    this.#buckets.set(name, bucket);
    return bucket;
  }
}
