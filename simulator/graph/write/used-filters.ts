const filterId = /"deviceAndAppManagementAssignmentFilterId"\s*:\s*"([^"]+)"/g;

/** The ids of the filters that the assignments in a JSON text name. */
export function usedFilters(text: string): string[] {
  return [...new Set([...text.matchAll(filterId)].map(([, id = '']) => id))];
}

/** The filters that the first text uses and the second no longer does. */
export function releasedFilters(before: string, after: string): string[] {
  const kept = new Set(usedFilters(after));
  return usedFilters(before).filter((id) => !kept.has(id));
}
