import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';

/** After a fetch, how long an unknown key id is simply unknown: a flood of made-up ids costs the authority nothing. */
const cooldownMs = 30_000;
/** After a fetch that failed, how soon the next one may be tried. */
const failedCooldownMs = 2_000;
/** Known keys are refreshed in the background this often, so that withdrawn ones go. */
const refreshAfterMs = 60 * 60_000;
/** The authority may be down this long before known keys are no longer trusted. */
const keptAtMostMs = 24 * 60 * 60_000;
const fetchTimeoutMs = 5_000;

/** The authority's keys are needed and cannot be had: nobody's fault who sent the token. */
export class SigningKeysUnavailableError extends Error {
  override readonly name = 'SigningKeysUnavailableError';
}

async function fetchKeySet(url: string): Promise<JSONWebKeySet> {
  // The address is configured, never taken from a token, and a redirect would lead away from it.
  const response = await fetch(url, {
    redirect: 'error',
    headers: { accept: 'application/json' },
    signal: AbortSignal.timeout(fetchTimeoutMs),
  });
  if (!response.ok) throw new Error(`the keys endpoint answered ${response.status}`);
  return (await response.json()) as JSONWebKeySet;
}

/**
 * The keys that sign the authority's tokens, fetched when first needed and again when a token names a key that is
 * not among them.
 * @param url the address of the key set.
 * @param onRefreshFailed told why a refresh failed that no request waited for.
 * @param nowMs a clock that never goes back.
 * @returns what jose asks for a key; it rejects with SigningKeysUnavailableError where the keys cannot be had.
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
