/** How the assignments of a type are written. */
export interface AssignAction {
  /** The property of the body of `/assign` that holds the whole new set. */
  readonly key: string;
  readonly status: 200 | 204;
  /** Whether the answer holds the assignments as they are now. */
  readonly returns: boolean;
  /** Collections whose objects are assigned at this address as well. */
  readonly alsoFor: readonly string[];
}

/** An assign action that answers with the assignments. */
export function assigning(key = 'assignments'): AssignAction {
  return { key, status: 200, returns: true, alsoFor: [] };
}

/** An assign action that answers without content, by the status that the service gives. */
export function assigningSilently(
  key: string,
  status: AssignAction['status'],
  alsoFor: readonly string[] = [],
): AssignAction {
  return { key, status, returns: false, alsoFor };
}
