import { createHash } from 'node:crypto';
import { canonicalForm } from '#domain/json/canonical-form.ts';
import { withoutMembers } from '#domain/json/json-slices.ts';
import { isAnnotation } from '#domain/json/odata-annotation.ts';

/**
 * Takes the elements of a collection as JSON texts and returns what they have in common with every other way to write
 * the same set: hex SHA-256 over their sorted canonical forms, annotations left out. Throws a SyntaxError for what is
 * not JSON.
 */
export function elementSetHash(slices: readonly string[]): string {
  const forms = slices.map((slice) => canonicalForm(withoutMembers(slice, isAnnotation))).sort();
  return createHash('sha256')
    .update(`[${forms.join(',')}]`)
    .digest('hex');
}
