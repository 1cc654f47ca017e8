import type { JsonObject } from '../../json/object.ts';
import { badRequest } from '../problem.ts';
import { propertyAt } from '../property.ts';
import { compareOperands } from './compare.ts';
import type { Expression } from './expression.ts';
import type { Lookup } from './functions.ts';
import { callFunction } from './functions.ts';
import { parseFilter } from './parse-filter.ts';

/**
 * Compiles a `$filter` to a test for objects.
 * @throws GraphProblem for a malformed expression.
 */
export function compileFilter(text: string): (body: JsonObject) => boolean {
  const expression = parseFilter(text);
  return (body) => evaluate(expression, (names) => propertyAt(body, names)) === true;
}

/**
 * Evaluates an expression.
 * @throws GraphProblem for functions and kinds unknown to Graph.
 */
function evaluate(expression: Expression, lookup: Lookup): unknown {
  switch (expression.kind) {
    case 'literal':
      return expression.value;
    case 'path':
      return lookup(expression.names);
    case 'list':
      return expression.items.map((item) => evaluate(item, lookup));
    case 'not':
      return evaluate(expression.operand, lookup) !== true;
    case 'logic':
      return expression.operator === 'and'
        ? evaluate(expression.left, lookup) === true && evaluate(expression.right, lookup) === true
        : evaluate(expression.left, lookup) === true || evaluate(expression.right, lookup) === true;
    case 'comparison':
      return compareOperands(
        expression.operator,
        evaluate(expression.left, lookup),
        evaluate(expression.right, lookup),
      );
    case 'call':
      return callFunction(expression, lookup, (each) => evaluate(each, lookup));
    case 'lambda':
      return evaluateLambda(expression, lookup);
    default:
      throw badRequest('Invalid filter clause.');
  }
}

function evaluateLambda(
  { quantifier, path, variable, condition }: Extract<Expression, { kind: 'lambda' }>,
  lookup: Lookup,
): boolean {
  const value = lookup(path);
  const items: unknown[] = Array.isArray(value) ? value : [];
  if (condition === null) return items.length > 0;
  const holds = (item: unknown): boolean =>
    evaluate(condition, (names) => (names[0] === variable ? inner(item, names) : lookup(names))) ===
    true;
  return quantifier === 'any' ? items.some(holds) : items.every(holds);
}

function inner(item: unknown, names: readonly string[]): unknown {
  let value = item;
  for (const name of names.slice(1)) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) {
      return undefined;
    }
    value = Object.getOwnPropertyDescriptor(value, name)?.value;
  }
  return value;
}
