const filterId = /"deviceAndAppManagementAssignmentFilterId"\s*:\s*"([^"]+)"/g;

/** Returns the filter ids in the assignments of a JSON text. */
export function usedFilters(text: string): string[] {
  return [...new Set([...text.matchAll(filterId)].map(([, id = '']) => id))];
}

/** Returns the filters used in the first text but not in the second. */
export function releasedFilters(before: string, after: string): string[] {
  const kept = new Set(usedFilters(after));
  return usedFilters(before).filter((id) => !kept.has(id));
}
