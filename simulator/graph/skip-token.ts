import { badRequest } from './problem.ts';

/** The token of the page that starts at a position; only the service understands it. */
export function skipToken(position: number): string {
  return Buffer.from(`page:${position}`).toString('base64url');
}

/** The position that a token stands for. Throws GraphProblem (400) for a token that the service has not given out. */
export function readSkipToken(token: string): number {
  const [, position] = /^page:(\d{1,9})$/.exec(Buffer.from(token, 'base64url').toString()) ?? [];
  if (position === undefined) throw badRequest('The skip token is invalid.');
  return Number(position);
}
