import { Problem } from './problem.ts';

function unauthenticated(challenge: string): Problem {
  return new Problem('unauthenticated', 'A valid access token is required.', {
    headers: { 'WWW-Authenticate': challenge },
  });
}

/** For a request without a token. */
export const noToken = () => unauthenticated('Bearer realm="tenantry"');

/** For a token that is not valid here; one answer for every reason. */
export const badToken = () => unauthenticated('Bearer realm="tenantry", error="invalid_token"');
