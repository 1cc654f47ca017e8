import { badRequest } from './problem.ts';

/** Returns the token of the page at a position; opaque for clients. */
export function skipToken(position: number): string {
  return Buffer.from(`page:${position}`).toString('base64url');
}

/**
 * Returns the position of a token.
 * @throws GraphProblem (400) for a foreign token.
 */
export function readSkipToken(token: string): number {
  const [, position] = /^page:(\d{1,9})$/.exec(Buffer.from(token, 'base64url').toString()) ?? [];
  if (position === undefined) throw badRequest('The skip token is invalid.');
  return Number(position);
}
