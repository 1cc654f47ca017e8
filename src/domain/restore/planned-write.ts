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

/**
 * Takes a write and the id of the item's object, and returns the path and the body to be sent. In a body the id stands in
 * links alone: `"roleDefinition@odata.bind":"…('{id}')"`; anything else of that look is content.
 */
export function addressedTo(
  { path, body }: Pick<PlannedWrite, 'path' | 'body'>,
  graphId: string,
): Pick<PlannedWrite, 'path' | 'body'> {
  const id = encodeURIComponent(graphId);
  return {
    path: path.replaceAll('{id}', () => id),
    body: body?.replace(boundToObject, (_, before: string) => `${before}('${id}')"`) ?? null,
  };
}

// Within a string of JSON no quote stands without a backslash, so this matches members only.
const boundToObject = /("\w+@odata\.bind":"[^"\\]*)\('\{id\}'\)"/g;

/** The name of the write that makes the object of an item. */
export const createWriteName = 'create';

/** The name of the write that puts an object into its place among others; always an item's last one. */
export const priorityWriteName = 'setPriority';
