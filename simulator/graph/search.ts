import type { JsonObject } from '../json/object.ts';
import { scalarText } from '../json/scalar-text.ts';
import { badRequest } from './problem.ts';
import { propertyAt } from './property.ts';

const clausePattern = /^"([\w]+):(.*)"$/s;

/**
 * Compiles a directory `$search`: clauses `"property:text"` joined by AND or OR. Each word of the text must start a
 * word of the property.
 * @throws GraphProblem for any other syntax.
 */
export function compileSearch(search: string): (body: JsonObject) => boolean {
  const alternatives = search.split(/\s+OR\s+/).map((part) => part.split(/\s+AND\s+/));
  const tests = alternatives.map((clauses) => clauses.map(clauseTest));
  return (body) => tests.some((all) => all.every((test) => test(body)));
}

function clauseTest(clause: string): (body: JsonObject) => boolean {
  const [, property, text] = clausePattern.exec(clause.trim()) ?? [];
  if (property === undefined || text === undefined) {
    throw badRequest(`Syntax error: character ':' is not valid in '${clause}'.`);
  }
  const wanted = words(text);
  return (body) => {
    const present = words(scalarText(propertyAt(body, [property])));
    return wanted.every((word) => present.some((each) => each.startsWith(word)));
  };
}

function words(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}
