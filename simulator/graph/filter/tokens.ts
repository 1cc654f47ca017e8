import { badRequest } from '../problem.ts';

export interface Token {
  readonly kind: 'string' | 'word' | 'punctuation' | 'end';
  readonly text: string;
}

const pattern = /\s*(?:'((?:[^']|'')*)'|([(),:])|([^\s(),:']+(?::\d{2}[^\s(),']*)?))/y;

/**
 * Splits a `$filter` into tokens, with a final one of kind `end`.
 * @throws GraphProblem for malformed text.
 */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  pattern.lastIndex = 0;
  while (pattern.lastIndex < text.trimEnd().length) {
    const match = pattern.exec(text);
    if (match === null) throw badRequest(`Invalid filter clause: ${text}`);
    const [, quoted, punctuation, word] = match;
    if (quoted !== undefined) tokens.push({ kind: 'string', text: quoted.replaceAll("''", "'") });
    else if (punctuation !== undefined) tokens.push({ kind: 'punctuation', text: punctuation });
    else tokens.push({ kind: 'word', text: word ?? '' });
  }
  return [...tokens, { kind: 'end', text: '' }];
}
