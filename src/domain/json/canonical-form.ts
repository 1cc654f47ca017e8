import { parseLiterals } from './json-literals.ts';
import { jsonText } from './json-text.ts';

/**
 * The canonical form of a JSON text: members sorted by key (code units), no white space, strings in their shortest
 * spelling, numbers in Graph's spelling. Equal content has equal forms. The depth of the text is bounded (see
 * json-slices.ts).
 * @throws SyntaxError if the text is not JSON
 */
export function canonicalForm(text: string): string {
  return jsonText(parseLiterals(text), (object) => Object.keys(object).sort());
}
