import { Problem } from './problem.ts';

function unauthenticated(challenge: string): Problem {
  return new Problem('unauthenticated', 'A valid access token is required.', {
    headers: { 'WWW-Authenticate': challenge },
  });
}

/** There was no token at all. */
export const noToken = () => unauthenticated('Bearer realm="tenantry"');

/** There was one that proves nothing here; the same answer whatever is wrong with it. */
export const badToken = () => unauthenticated('Bearer realm="tenantry", error="invalid_token"');
