import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';

/** The pause after a fetch, in which an unknown key id causes no other fetch: a flood of invented ids costs nothing. */
const cooldownMs = 30_000;
/** The pause after a failed fetch. */
const failedCooldownMs = 2_000;
/** The interval of background refreshes, which remove withdrawn keys. */
const refreshAfterMs = 60 * 60_000;
/** The longest outage of the authority for which cached keys stay trusted. */
const keptAtMostMs = 24 * 60 * 60_000;
const fetchTimeoutMs = 5_000;

/** The authority's keys cannot be fetched; the sender of the token is not at fault. */
export class SigningKeysUnavailableError extends Error {
  override readonly name = 'SigningKeysUnavailableError';
}

async function fetchKeySet(url: string): Promise<JSONWebKeySet> {
  // The configuration alone gives the address; a redirect would lead away from it.
  const response = await fetch(url, {
    redirect: 'error',
    headers: { accept: 'application/json' },
    signal: AbortSignal.timeout(fetchTimeoutMs),
  });
  if (!response.ok) throw new Error(`the keys endpoint answered ${response.status}`);
  return (await response.json()) as JSONWebKeySet;
}

/**
 * A cache of the authority's signing keys. The first use fetches them, and so does a token with an unknown key id.
 * @param url the address of the key set.
 * @param onRefreshFailed gets the error of a failed background refresh.
 * @param nowMs a monotonic clock.
 * @returns a key lookup for jose; it rejects with SigningKeysUnavailableError if the keys cannot be fetched.
 */
export function createSigningKeys(
  url: string,
  onRefreshFailed: (error: unknown) => void,
  nowMs: () => number = () => performance.now(),
): JWTVerifyGetKey {
  let find: ReturnType<typeof createLocalJWKSet> | null = null;
  let fetchedAt = Number.NEGATIVE_INFINITY;
  let mayFetchAt = Number.NEGATIVE_INFINITY;
  let pending: Promise<void> | null = null;

  async function refresh(): Promise<void> {
    mayFetchAt = nowMs() + failedCooldownMs;
    find = createLocalJWKSet(await fetchKeySet(url));
    fetchedAt = nowMs();
    mayFetchAt = fetchedAt + cooldownMs;
  }

  function refreshOnce(): Promise<void> {
    pending ??= refresh().finally(() => {
      pending = null;
    });
    return pending;
  }

  async function refreshOrThrow(): Promise<void> {
    try {
      await refreshOnce();
    } catch (cause) {
      throw new SigningKeysUnavailableError('the signing keys cannot be fetched', { cause });
    }
  }

  const mayFetch = () => pending !== null || nowMs() >= mayFetchAt;
  const age = () => nowMs() - fetchedAt;

  return async (header, token) => {
    if (find === null || age() > keptAtMostMs) {
      if (!mayFetch()) throw new SigningKeysUnavailableError('the signing keys are not known yet');
      await refreshOrThrow();
    } else if (age() > refreshAfterMs && mayFetch()) {
      refreshOnce().catch(onRefreshFailed);
    }
    if (find === null) throw new SigningKeysUnavailableError('the signing keys are not known yet');
    try {
      return await find(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey) || !mayFetch()) throw error;
      await refreshOrThrow();
      return find(header, token);
    }
  };
}
