/** One request on the way from the live object to the plan. */
export interface PlannedWrite {
  /** Identifies the write within its item: equal for equal purposes, also after the item is planned again. */
  readonly name: string;
  readonly method: 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** Under the version. `{id}` stands for the id of the item's object; before the create it is unknown. */
  readonly path: string;
  /** JSON, numbers in Graph's spelling. */
  readonly body: string | null;
  /**
   * True if the request is idempotent. A write that is not repeatable adds one more object each time, so after a lost
   * answer its outcome must be settled before it may be sent again.
   */
  readonly repeatable: boolean;
}

/**
 * Fills the id of the item's object into the path and the body. In a body the id stands in links only:
 * `"roleDefinition@odata.bind":"…('{id}')"`; any other text of this form is content.
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

// A quote inside a JSON string follows a backslash, so this matches members only.
const boundToObject = /("\w+@odata\.bind":"[^"\\]*)\('\{id\}'\)"/g;

/** The name of the write that creates the object of an item. */
export const createWriteName = 'create';

/** The name of the write that sets an object's place among others; always an item's last write. */
export const priorityWriteName = 'setPriority';
