/** The form of a type's /assign action. */
export interface AssignAction {
  /** The property of the body with the whole new set. */
  readonly key: string;
  readonly status: 200 | 204;
  /** True if the answer contains the resulting assignments. */
  readonly returns: boolean;
  /** Other collections with objects assigned at this path. */
  readonly alsoFor: readonly string[];
}

/** An assign action with the assignments in its answer. */
export function assigning(key = 'assignments'): AssignAction {
  return { key, status: 200, returns: true, alsoFor: [] };
}

/** An assign action without content in its answer, with the service's status. */
export function assigningSilently(
  key: string,
  status: AssignAction['status'],
  alsoFor: readonly string[] = [],
): AssignAction {
  return { key, status, returns: false, alsoFor };
}
