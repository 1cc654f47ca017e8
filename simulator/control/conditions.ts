/** Everything that holds for all tenants is kept under this name. */
const everyTenant = '*';

/** How the service behaves for now, beyond what it stores: lags, locks, and expansions that are cut. */
export class Conditions {
  readonly #expansionMax = new Map<string, number>();
  readonly #lagMs = new Map<string, number>();
  /** When an object that has just been made can be read everywhere. */
  readonly #readableAt = new Map<string, number>();
  /** When a filter that has just come out of use can be deleted. */
  readonly #unlockedAt = new Map<string, number>();

  /** Cuts expanded collections after that many entries, in one tenant or (null) in all; null lets them be whole. */
  setExpansionMax(tenant: string | null, max: number | null): void {
    set(this.#expansionMax, tenant, max);
  }

  expansionMax(tenant: string): number {
    return this.#for(this.#expansionMax, tenant) ?? Number.POSITIVE_INFINITY;
  }

  /** Makes what is created in one tenant or (null) in all unreadable for so long. */
  setLag(tenant: string | null, lagMs: number): void {
    set(this.#lagMs, tenant, lagMs);
    this.#readableAt.clear();
    this.#unlockedAt.clear();
  }

  /** Notes that an object has just been created. */
  created(tenant: string, id: string): void {
    this.#note(this.#readableAt, tenant, id);
  }

  /** Notes that these filters have just lost an assignment that used them. */
  released(tenant: string, filterIds: readonly string[]): void {
    for (const id of filterIds) this.#note(this.#unlockedAt, tenant, id);
  }

  /** Whether there may be objects that cannot be read yet. */
  lags(): boolean {
    return this.#readableAt.size > 0;
  }

  /** Whether an object of the tenant can be read yet. */
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
