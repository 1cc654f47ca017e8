import { createHash } from 'node:crypto';
import { canonicalForm } from '#domain/json/canonical-form.ts';
import { withoutMembers } from '#domain/json/json-slices.ts';
import { isAnnotation } from '#domain/json/odata-annotation.ts';

/**
 * Hashes a set of elements, independent of their order, format and annotations: hex SHA-256 over their sorted
 * canonical forms.
 * @throws SyntaxError for invalid JSON.
 */
export function elementSetHash(slices: readonly string[]): string {
  const forms = slices.map((slice) => canonicalForm(withoutMembers(slice, isAnnotation))).sort();
  return createHash('sha256')
    .update(`[${forms.join(',')}]`)
    .digest('hex');
}
