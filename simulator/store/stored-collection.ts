import type { JsonObject } from '../json/object.ts';
import type { StoredObject } from './stored-object.ts';

/**
 * The objects of one collection by id, in order of arrival. The lists are cached until the next change: otherwise a
 * client with thousands of page reads would cost thousands of passes over all objects.
 */
export class StoredCollection {
  readonly #objects = new Map<string, StoredObject>();
  #list: readonly StoredObject[] | null = null;
  #bodies: readonly JsonObject[] | null = null;
  #highestNumber = 0;

  get size(): number {
    return this.#objects.size;
  }

  get(id: string): StoredObject | undefined {
    return this.#objects.get(id);
  }

  /** Highest numeric id, including ids of deleted objects. */
  get highestNumber(): number {
    return this.#highestNumber;
  }

  set(object: StoredObject): void {
    const number = Number(object.id);
    if (Number.isInteger(number)) this.#highestNumber = Math.max(this.#highestNumber, number);
    this.#objects.set(object.id, object);
    this.#forget();
  }

  delete(id: string): boolean {
    this.#forget();
    return this.#objects.delete(id);
  }

  list(): readonly StoredObject[] {
    this.#list ??= [...this.#objects.values()];
    return this.#list;
  }

  bodies(): readonly JsonObject[] {
    this.#bodies ??= this.list().map(({ body }) => body);
    return this.#bodies;
  }

  #forget(): void {
    this.#list = null;
    this.#bodies = null;
  }
}
