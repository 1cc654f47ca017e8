import type { Caller } from '#api/http/caller.ts';

/** Beside the callers and not in them: what is logged or serialized of a caller cannot hold the token. */
const tokens = new WeakMap<Caller, string>();

/** Keeps the access token that a caller has sent, for as long as the request lives. */
export function keepUserToken(caller: Caller, token: string): void {
  tokens.set(caller, token);
}

/** The access token that a caller has sent, to be exchanged for one that acts as the caller. */
export function userTokenOf(caller: Caller): string {
  const token = tokens.get(caller);
  if (token === undefined) throw new Error('the caller has not come with a request');
  return token;
}
