/** A scalar value as text for comparing and searching; nothing for null, and JSON for what is no scalar. */
export function scalarText(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
