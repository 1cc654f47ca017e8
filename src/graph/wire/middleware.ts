import type { Context, Middleware } from '@microsoft/microsoft-graph-client';
import type { Tokens } from '#graph/auth/tokens.ts';
import { callStateOf, requireNext } from './call-state.ts';

/** First link: sets the exact URL and keeps the error of the chain. */
export class ExactCall implements Middleware {
  #next: Middleware | null = null;

  setNext(next: Middleware): void {
    this.#next = next;
  }

  async execute(context: Context): Promise<void> {
    const state = callStateOf(context);
    context.request = state.url;
    try {
      await requireNext(this.#next).execute(context);
    } catch (error) {
      state.failure = error;
      throw error;
    }
  }
}

/**
 * Second link: adds the tenant's token. Replaces the SDK's handler, which accepts `graph.microsoft.com:x@evil.test`
 * as Graph and drops tokens for unknown hosts. Retries a 401 once with a fresh token, never twice.
 */
export class TenantAuthentication implements Middleware {
  readonly #tokens: Tokens;
  readonly #tenantId: string;
  #next: Middleware | null = null;

  constructor(tokens: Tokens, tenantId: string) {
    this.#tokens = tokens;
    this.#tenantId = tenantId;
  }

  setNext(next: Middleware): void {
    this.#next = next;
  }

  async execute(context: Context): Promise<void> {
    await this.#send(context, false);
    if (context.response?.status !== 401) return;
    await context.response.body?.cancel();
    await this.#send(context, true);
  }

  async #send(context: Context, forceRefresh: boolean): Promise<void> {
    const { signal } = callStateOf(context);
    const token = await this.#tokens.accessToken(this.#tenantId, { signal, forceRefresh });
    const headers = { ...(context.options?.headers as Record<string, string>) };
    context.options = {
      ...context.options,
      headers: { ...headers, Authorization: `Bearer ${token}` },
    };
    await requireNext(this.#next).execute(context);
  }
}

/** Last link: sends one request. No retry and no redirect. */
export class Wire implements Middleware {
  async execute(context: Context): Promise<void> {
    const { url, signal } = callStateOf(context);
    context.response = await fetch(url, {
      method: context.options?.method ?? 'GET',
      headers: context.options?.headers ?? {},
      body: context.options?.body ?? null,
      redirect: 'manual',
      signal,
    });
  }
}
