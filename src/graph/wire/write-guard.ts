import type { Context, Middleware } from '@microsoft/microsoft-graph-client';
import { GraphError, writeBlocked } from '#graph/port/graph-error.ts';
import { checkedLink, type TrustedBase } from '#graph/port/trusted-url.ts';
import { batchUrl } from './batch-envelope.ts';
import { hasDotSegments, overridesMethod } from './batch-guard.ts';
import { callStateOf, requireNext, type CallState } from './call-state.ts';

/** The code of a write stopped because its last moment to send had passed. */
export const notSentCode = 'not_sent';

const writeMethods: ReadonlySet<string> = new Set(['POST', 'PATCH', 'PUT', 'DELETE']);

/**
 * Third link of a writer's chain: lets a single write of one object pass, if it is in time. Afterwards
 * `CallState.sent` tells if the write went out with a token that Graph accepted.
 */
export class WriteGuard implements Middleware {
  readonly #base: TrustedBase;
  #next: Middleware | null = null;

  constructor(base: TrustedBase) {
    this.#base = base;
  }

  setNext(next: Middleware): void {
    this.#next = next;
  }

  async execute(context: Context): Promise<void> {
    const state = callStateOf(context);
    if (!isSingleWrite(this.#base, state, context)) throw writeBlocked();
    // Checked last: the wait for a token may have used up the remaining time.
    if (performance.now() > state.notAfterMs) {
      throw new GraphError({ kind: 'timeout', code: notSentCode, notSent: true });
    }
    state.sent = true;
    await requireNext(this.#next).execute(context);
    if (context.response?.status === 401) state.sent = false;
  }
}

/**
 * Refuses batches: they may hold any requests in any order and fail in parts, so the outcome of a write in one is
 * unclear.
 */
function isSingleWrite(base: TrustedBase, { url }: CallState, { options }: Context): boolean {
  const { method = '', body, headers } = options ?? {};
  if (overridesMethod(Object.fromEntries(new Headers(headers ?? {})))) return false;
  if (hasDotSegments(checkedLink(base, url)) || url.startsWith(batchUrl(base))) return false;
  return writeMethods.has(method) && (typeof body === 'string' || (body ?? null) === null);
}
