import type { Caller } from '#api/http/caller.ts';

/** A map beside the callers, so that a logged or serialized caller never holds its token. */
const tokens = new WeakMap<Caller, string>();

/** Keeps the caller's access token for the life of the request. */
export function keepUserToken(caller: Caller, token: string): void {
  tokens.set(caller, token);
}

/** The caller's access token, for the exchange for a Graph token of the caller. */
export function userTokenOf(caller: Caller): string {
  const token = tokens.get(caller);
  if (token === undefined) throw new Error('the caller has not come with a request');
  return token;
}
