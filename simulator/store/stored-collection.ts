import type { JsonObject } from '../json/object.ts';
import type { StoredObject } from './stored-object.ts';

/**
 * The objects of one collection by their ids, in the order of their arrival. The lists are made once for each change: a
 * client that reads thousands of pages would otherwise have thousands of objects gone through for each of them.
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

  /** The highest id that is a number, of objects that have since been deleted, too. */
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
