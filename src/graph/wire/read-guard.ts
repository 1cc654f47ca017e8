import type { Context, FetchOptions, Middleware } from '@microsoft/microsoft-graph-client';
import { writeBlocked } from '#graph/port/graph-error.ts';
import { checkedLink, type TrustedBase } from '#graph/port/trusted-url.ts';
import { batchUrl } from './batch-envelope.ts';
import { isReadOnlyEnvelope, overridesMethod } from './batch-guard.ts';
import { callStateOf, requireNext } from './call-state.ts';

/** Third link: the guard under every reader. It lets only reads of Graph pass. */
export class ReadGuard implements Middleware {
  readonly #base: TrustedBase;
  #next: Middleware | null = null;

  constructor(base: TrustedBase) {
    this.#base = base;
  }

  setNext(next: Middleware): void {
    this.#next = next;
  }

  async execute(context: Context): Promise<void> {
    const url = checkedLink(this.#base, callStateOf(context).url);
    if (!isRead(this.#base, url, context.options ?? {})) {
      throw writeBlocked();
    }
    await requireNext(this.#next).execute(context);
  }
}

/** True for a GET, or a batch of only GETs. Checks the very text for the wire. */
function isRead(base: TrustedBase, url: string, options: FetchOptions): boolean {
  const { method, body, headers } = options;
  if (overridesMethod(Object.fromEntries(new Headers(headers ?? {})))) return false;
  if (method === 'GET') return body === undefined || body === null;
  const isEnvelope = method === 'POST' && url === batchUrl(base) && typeof body === 'string';
  return isEnvelope && isReadOnlyEnvelope(base, body);
}
