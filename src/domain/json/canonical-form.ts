import { parseLiterals } from './json-literals.ts';
import { jsonText } from './json-text.ts';

/**
 * The canonical form of a JSON text: members sorted by key (code units), no white space, strings in their shortest
 * spelling, numbers as they were written. Two texts that say the same have the same form.
 * Takes JSON of bounded depth (see json-slices.ts). Throws a SyntaxError for what is not JSON.
 */
export function canonicalForm(text: string): string {
  return jsonText(parseLiterals(text), (object) => Object.keys(object).sort());
}
