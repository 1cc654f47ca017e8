import { scalarText } from '../../json/scalar-text.ts';
import { badRequest } from '../problem.ts';
import type { Expression } from './expression.ts';

/** Returns the value at a filter's path. */
export type Lookup = (names: readonly string[]) => unknown;

/** Returns an argument's value. */
type Evaluate = (argument: Expression) => unknown;

type Call = Extract<Expression, { kind: 'call' }>;
type TextTest = (text: string, part: string) => boolean;

const textTests: ReadonlyMap<string, TextTest> = new Map<string, TextTest>([
  ['startswith', (text, part) => text.startsWith(part)],
  ['endswith', (text, part) => text.endsWith(part)],
  ['contains', (text, part) => text.includes(part)],
  ['substringof', (text, part) => part.includes(text)],
]);

/**
 * Evaluates a function call in a filter.
 * @throws GraphProblem for an unknown function.
 */
export function callFunction(call: Call, lookup: Lookup, evaluate: Evaluate): unknown {
  const test = textTests.get(call.name);
  if (test !== undefined) {
    const [text, part] = call.arguments.map((each) => lowerText(evaluate(each)));
    return text !== undefined && part !== undefined && test(text, part);
  }
  if (call.name === 'isof') return isOf(call, lookup, evaluate);
  if (call.name === 'tolower' || call.name === 'toupper' || call.name === 'trim') {
    const [argument] = call.arguments;
    return argument === undefined ? '' : lowerText(evaluate(argument)).trim();
  }
  throw badRequest(
    `Invalid filter clause: An unknown function with name '${call.name}' was found.`,
  );
}

/** Evaluates `isof('microsoft.graph.x')`; only the exact type matches, not its base types. */
function isOf(call: Call, lookup: Lookup, evaluate: Evaluate): boolean {
  const type = call.arguments.at(-1);
  if (type === undefined) return false;
  const wanted = lowerText(type.kind === 'path' ? type.names.join('/') : evaluate(type));
  const actual = lowerText(lookup(['@odata.type'])).replace(/^#/, '');
  return actual === wanted.replace(/^#/, '');
}

function lowerText(value: unknown): string {
  return scalarText(value).toLowerCase();
}
