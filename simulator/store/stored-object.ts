import type { JsonObject } from '../json/object.ts';
import { objectText, parseObject } from '../json/object.ts';

/** One stored object; its body contains its child collections and assignments. */
export class StoredObject {
  readonly id: string;
  /** Order of arrival, also the order in lists. */
  readonly position: number;
  readonly text: string;
  #body: JsonObject | null = null;

  constructor(id: string, position: number, text: string) {
    this.id = id;
    this.position = position;
    this.text = text;
  }

  /** Parsed on first use: most objects of a large tenant are never read one by one. */
  get body(): JsonObject {
    this.#body ??= parseObject(this.text);
    return this.#body;
  }

  /** Returns the object with another body, at the same position. */
  replaced(body: JsonObject): StoredObject {
    return new StoredObject(this.id, this.position, objectText(body));
  }
}
