import type { INetworkModule } from '@azure/msal-node';
import { GraphError } from '#graph/port/graph-error.ts';
import { decodeUtf8, readBody } from '#graph/port/read-body.ts';
import { callSignals, wireFailure } from '#graph/port/wire-failure.ts';
import { entraError } from './entra-error.ts';

// Entra answers within a second or two; a stuck token request would block all work of the tenant.
const tokenTimeoutMs = 10_000;
const tokenBytesMax = 256 * 1024;

export interface EntraNetworkOptions {
  /** Origin of the authority as MSAL sees it; always https. */
  readonly msalOrigin: string;
  /** Origin of the real request: the same, or http on loopback. */
  readonly wireOrigin: string;
  /** Receives every failure, because MSAL replaces the errors of its network client. */
  readonly onFailure: (failure: unknown) => void;
}

/**
 * Creates MSAL's network client; it speaks only to the configured authority. MSAL refuses an http authority, so MSAL
 * gets an https URL and the simulator on loopback gets the request by http. MSAL sees successes only: after a 429 or
 * 5xx it would block all further requests for a minute.
 */
export function createEntraNetwork(options: EntraNetworkOptions): INetworkModule {
  return {
    sendGetRequestAsync: () =>
      Promise.reject(new Error('endpoints are configured, not discovered')),
    sendPostRequestAsync: async <T>(
      url: string,
      request?: { headers?: Record<string, string>; body?: string },
    ) => {
      const signals = callSignals(undefined, tokenTimeoutMs);
      try {
        const response = await fetch(wireUrl(url, options), {
          method: 'POST',
          headers: request?.headers ?? {},
          body: request?.body ?? '',
          redirect: 'manual',
          signal: signals.either,
        });
        const text = decodeUtf8(await readBody(response, tokenBytesMax));
        if (response.status !== 200) throw entraError(response, text, Date.now());
        return { headers: {}, body: parsedToken(text) as T, status: 200 };
      } catch (error) {
        const failure = wireFailure(error, signals, null);
        options.onFailure(failure);
        throw failure;
      }
    },
  };
}

function wireUrl(url: string, options: EntraNetworkOptions): string {
  const parsed = new URL(url);
  if (parsed.origin !== options.msalOrigin) {
    throw new GraphError({ kind: 'untrusted_link', code: 'untrusted_authority' });
  }
  return `${options.wireOrigin}${parsed.pathname}${parsed.search}`;
}

function parsedToken(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new GraphError({ kind: 'invalid_response', code: 'malformed_token_answer', status: 200 });
  }
}
