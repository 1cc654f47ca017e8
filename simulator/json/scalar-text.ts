/** Returns a scalar as text for comparing and searching: '' for null, JSON text for a non-scalar. */
export function scalarText(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
