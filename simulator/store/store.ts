import type { JsonObject } from '../json/object.ts';
import { objectText } from '../json/object.ts';
import type { Journal } from './journal.ts';
import { StoredCollection } from './stored-collection.ts';
import { StoredObject } from './stored-object.ts';
import type { SimulatorTenant, SimulatorUser } from './tenant.ts';

/** The list of a missing collection. Always the same array, so readers see no change. */
const nothing: readonly never[] = [];

type Collections = Map<string, StoredCollection>;

/** The state of all tenants, in memory and written through to the journal. Tenant ids are in lower case. */
export class Store {
  readonly #journal: Journal;
  readonly #tenants = new Map<string, SimulatorTenant>();
  readonly #objects = new Map<string, Collections>();
  #position = 0;

  constructor(journal: Journal) {
    this.#journal = journal;
    for (const tenant of journal.tenants()) this.#tenants.set(tenant.tenantId, tenant);
    for (const row of journal.objects()) {
      const object = new StoredObject(row.id, row.position, row.body);
      this.#collection(row.tenantId, row.path).set(object);
      this.#position = Math.max(this.#position, row.position);
    }
  }

  tenants(): SimulatorTenant[] {
    return [...this.#tenants.values()];
  }

  tenant(tenantId: string): SimulatorTenant | undefined {
    return this.#tenants.get(tenantId.toLowerCase());
  }

  /** Finds a user by name in one tenant, or in any if `tenantId` is null. */
  userByName(
    tenantId: string | null,
    name: string,
  ): { tenant: SimulatorTenant; user: SimulatorUser } | undefined {
    const wanted = name.toLowerCase();
    for (const tenant of this.#tenants.values()) {
      if (tenantId !== null && tenant.tenantId !== tenantId.toLowerCase()) continue;
      const user = tenant.users.find((each) => each.userPrincipalName.toLowerCase() === wanted);
      if (user !== undefined) return { tenant, user };
    }
    return undefined;
  }

  /** Creates a tenant, or resets it by deleting all its objects. */
  resetTenant(tenant: SimulatorTenant): void {
    this.#journal.transaction(() => {
      this.#journal.clearTenant(tenant.tenantId);
      this.#journal.saveTenant(tenant);
    });
    this.#tenants.set(tenant.tenantId, tenant);
    this.#objects.delete(tenant.tenantId);
  }

  /** Returns the paths of a tenant's non-empty collections. */
  paths(tenantId: string): string[] {
    const collections: Collections = this.#objects.get(tenantId) ?? new Map();
    return [...collections].filter(([, { size }]) => size > 0).map(([path]) => path);
  }

  /** Returns a collection's objects in order of arrival. */
  list(tenantId: string, path: string): readonly StoredObject[] {
    return this.#objects.get(tenantId)?.get(path)?.list() ?? nothing;
  }

  /** Returns their bodies in the same order; the same array until the collection changes. */
  bodies(tenantId: string, path: string): readonly JsonObject[] {
    return this.#objects.get(tenantId)?.get(path)?.bodies() ?? nothing;
  }

  find(tenantId: string, path: string, id: string): StoredObject | undefined {
    return this.#objects.get(tenantId)?.get(path)?.get(id);
  }

  /** Highest number ever used as an id in the collection: numbers are never reused. */
  highestNumber(tenantId: string, path: string): number {
    return this.#objects.get(tenantId)?.get(path)?.highestNumber ?? 0;
  }

  /** Stores an object under its id; a replaced object keeps its position in the list. */
  put(tenantId: string, path: string, id: string, body: JsonObject): StoredObject {
    const collection = this.#collection(tenantId, path);
    const position = collection.get(id)?.position ?? (this.#position += 1);
    const object = new StoredObject(id, position, objectText(body));
    this.#journal.saveObject({ tenantId, path, id, position, body: object.text });
    collection.set(object);
    return object;
  }

  delete(tenantId: string, path: string, id: string): boolean {
    this.#journal.deleteObject(tenantId, path, id);
    return this.#objects.get(tenantId)?.get(path)?.delete(id) ?? false;
  }

  /** Commits several changes at once: one commit for each of thousands of seeded objects would take minutes. */
  transaction(work: () => void): void {
    this.#journal.transaction(work);
  }

  #collection(tenantId: string, path: string): StoredCollection {
    const collections: Collections = this.#objects.get(tenantId) ?? new Map();
    this.#objects.set(tenantId, collections);
    const collection = collections.get(path) ?? new StoredCollection();
    collections.set(path, collection);
    return collection;
  }
}
