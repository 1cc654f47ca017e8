import { badRequest } from '../problem.ts';
import type { Expression } from './expression.ts';
import { isComparison } from './expression.ts';
import type { Token } from './tokens.ts';
import { tokenize } from './tokens.ts';

/** More nesting than any client writes; protects the stack from a hostile filter. */
const depthMax = 200;

/**
 * Parses the part of OData's filter language used by Intune's clients.
 * @throws GraphProblem.
 */
export function parseFilter(text: string): Expression {
  const parser = new FilterParser(text);
  return parser.whole();
}

class FilterParser {
  readonly #text: string;
  readonly #tokens: Token[];
  #index = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = tokenize(text);
  }

  whole(): Expression {
    const expression = this.#or();
    if (this.#peek().kind !== 'end') throw this.#invalid();
    return expression;
  }

  #or(): Expression {
    let left = this.#and();
    while (this.#takeWord('or')) {
      left = { kind: 'logic', operator: 'or', left, right: this.#and() };
    }
    return left;
  }

  #and(): Expression {
    let left = this.#not();
    while (this.#takeWord('and')) {
      left = { kind: 'logic', operator: 'and', left, right: this.#not() };
    }
    return left;
  }

  #not(): Expression {
    this.#depth += 1;
    if (this.#depth > depthMax) throw this.#invalid();
    const expression: Expression = this.#takeWord('not')
      ? { kind: 'not', operand: this.#not() }
      : this.#comparison();
    this.#depth -= 1;
    return expression;
  }

  #comparison(): Expression {
    const left = this.#operand();
    const operator = this.#peek().text.toLowerCase();
    if (this.#peek().kind !== 'word' || !isComparison(operator)) return left;
    this.#next();
    return { kind: 'comparison', operator, left, right: this.#operand() };
  }

  #operand(): Expression {
    const token = this.#next();
    if (token.kind === 'string') return { kind: 'literal', value: token.text };
    if (token.kind === 'punctuation' && token.text === '(') return this.#parenthesis();
    if (token.kind !== 'word') throw this.#invalid();
    if (this.#peek().text === '(' && this.#peek().kind === 'punctuation') {
      return this.#callOrLambda(token.text);
    }
    return literalOrPath(token.text);
  }

  #parenthesis(): Expression {
    const items = [this.#or()];
    while (this.#takePunctuation(',')) items.push(this.#or());
    this.#expect(')');
    const [only] = items;
    return items.length === 1 && only !== undefined ? only : { kind: 'list', items };
  }

  #callOrLambda(name: string): Expression {
    this.#expect('(');
    const names = name.split('/');
    const last = names.at(-1);
    if (last === 'any' || last === 'all') return this.#lambda(last, names.slice(0, -1));
    const items: Expression[] = [];
    while (!this.#takePunctuation(')')) {
      items.push(this.#or());
      if (this.#peek().text !== ')') this.#expect(',');
    }
    return { kind: 'call', name: name.toLowerCase(), arguments: items };
  }

  #lambda(quantifier: 'any' | 'all', path: readonly string[]): Expression {
    if (this.#takePunctuation(')')) {
      return { kind: 'lambda', quantifier, path, variable: '', condition: null };
    }
    const variable = this.#next().text;
    this.#expect(':');
    const condition = this.#or();
    this.#expect(')');
    return { kind: 'lambda', quantifier, path, variable, condition };
  }

  #peek(): Token {
    return this.#tokens[this.#index] ?? { kind: 'end', text: '' };
  }

  #next(): Token {
    const token = this.#peek();
    if (token.kind === 'end') throw this.#invalid();
    this.#index += 1;
    return token;
  }

  #takeWord(word: string): boolean {
    const token = this.#peek();
    const found = token.kind === 'word' && token.text.toLowerCase() === word;
    if (found) this.#index += 1;
    return found;
  }

  #takePunctuation(text: string): boolean {
    const token = this.#peek();
    const found = token.kind === 'punctuation' && token.text === text;
    if (found) this.#index += 1;
    return found;
  }

  #expect(text: string): void {
    if (!this.#takePunctuation(text)) throw this.#invalid();
  }

  #invalid() {
    return badRequest(`Invalid filter clause: Syntax error in '${this.#text}'.`);
  }
}

function literalOrPath(word: string): Expression {
  const constants = new Map([
    ['true', true],
    ['false', false],
    ['null', null],
  ]);
  const constant = constants.get(word);
  if (constant !== undefined) return { kind: 'literal', value: constant };
  if (/^-?\d+(\.\d+)?$/.test(word)) return { kind: 'literal', value: Number(word) };
  const isGuidOrDate = /^[\da-f]{8}-[\da-f]{4}-/i.test(word) || /^\d{4}-\d{2}-\d{2}/.test(word);
  if (isGuidOrDate) return { kind: 'literal', value: word };
  return { kind: 'path', names: word.split('/') };
}
