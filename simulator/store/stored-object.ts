import type { JsonObject } from '../json/object.ts';
import { objectText, parseObject } from '../json/object.ts';

/** One stored object: its body embeds its child collections and assignments. */
export class StoredObject {
  readonly id: string;
  /** Place in the order of arrival, which is the order of lists. */
  readonly position: number;
  readonly text: string;
  #body: JsonObject | null = null;

  constructor(id: string, position: number, text: string) {
    this.id = id;
    this.position = position;
    this.text = text;
  }

  /** The members, cut out on first use: most objects of a large tenant are never read one by one. */
  get body(): JsonObject {
    this.#body ??= parseObject(this.text);
    return this.#body;
  }

  /** The same object, in the same place, with another body. */
  replaced(body: JsonObject): StoredObject {
    return new StoredObject(this.id, this.position, objectText(body));
  }
}
