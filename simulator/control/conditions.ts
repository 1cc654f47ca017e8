/** The key of values for all tenants. */
const everyTenant = '*';

/**
 * Temporary behaviour of the service beyond its stored objects: replication lag, locked filters, truncated
 * expansions.
 */
export class Conditions {
  readonly #expansionMax = new Map<string, number>();
  readonly #lagMs = new Map<string, number>();
  /** When a new object becomes readable everywhere. */
  readonly #readableAt = new Map<string, number>();
  /** When a filter that lost its last use can be deleted. */
  readonly #unlockedAt = new Map<string, number>();

  /**
   * Truncates expanded collections after `max` entries, in one tenant or (null) in all; `max` null lifts the limit.
   */
  setExpansionMax(tenant: string | null, max: number | null): void {
    set(this.#expansionMax, tenant, max);
  }

  expansionMax(tenant: string): number {
    return this.#for(this.#expansionMax, tenant) ?? Number.POSITIVE_INFINITY;
  }

  /** Sets the replication lag of new objects, in one tenant or (null) in all. Ends all earlier lags and locks. */
  setLag(tenant: string | null, lagMs: number): void {
    set(this.#lagMs, tenant, lagMs);
    this.#readableAt.clear();
    this.#unlockedAt.clear();
  }

  /** Starts the lag of a new object. */
  created(tenant: string, id: string): void {
    this.#note(this.#readableAt, tenant, id);
  }

  /** Locks filters for the lag, after they lost an assignment. */
  released(tenant: string, filterIds: readonly string[]): void {
    for (const id of filterIds) this.#note(this.#unlockedAt, tenant, id);
  }

  /** True if some object may still be unreadable. */
  lags(): boolean {
    return this.#readableAt.size > 0;
  }

  /** True if an object's lag is over. */
  isReadable(tenant: string, id: string): boolean {
    return isPast(this.#readableAt, `${tenant} ${id}`);
  }

  isLocked(tenant: string, filterId: string): boolean {
    return !isPast(this.#unlockedAt, `${tenant} ${filterId}`);
  }

  #note(times: Map<string, number>, tenant: string, name: string): void {
    const lagMs = this.#for(this.#lagMs, tenant) ?? 0;
    if (lagMs > 0) times.set(`${tenant} ${name}`, Date.now() + lagMs);
  }

  #for(values: ReadonlyMap<string, number>, tenant: string): number | undefined {
    return values.get(tenant) ?? values.get(everyTenant);
  }
}

function set(values: Map<string, number>, tenant: string | null, value: number | null): void {
  if (tenant === null) values.clear();
  const name = tenant?.toLowerCase() ?? everyTenant;
  if (value === null) values.delete(name);
  else values.set(name, value);
}

function isPast(times: Map<string, number>, name: string): boolean {
  const time = times.get(name);
  if (time === undefined) return true;
  if (time > Date.now()) return false;
  times.delete(name);
  return true;
}
