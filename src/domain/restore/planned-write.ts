/** One request that brings an object of the tenant closer to what is planned for it. */
export interface PlannedWrite {
  /** Which of the item's writes it is: the same for the same purpose, however often it is planned anew. */
  readonly name: string;
  readonly method: 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** Under the version. `{id}` stands for the id of the item's object, which a create has not got yet. */
  readonly path: string;
  /** JSON, numbers as Graph wrote them. */
  readonly body: string | null;
  /**
   * Whether a second time changes nothing. What is not repeatable makes one more of something each time, so an
   * answer that was lost has to be settled before it may be sent again.
   */
  readonly repeatable: boolean;
}

/** The name of the write that makes the object of an item. */
export const createWriteName = 'create';
