/** Who calls, as the token says. */
export interface Caller {
  readonly tenantId: string;
  readonly appId: string;
  /** The signed-in user of a delegated token; null for an application that acts for itself. */
  readonly userId: string | null;
  /** The permissions of an application that acts for itself; null for a user's token. */
  readonly permissions: ReadonlySet<string> | null;
}

/** One call of Graph: a plain request, or a member of a `$batch`. */
export interface GraphCall {
  readonly caller: Caller;
  readonly method: string;
  readonly version: 'v1.0' | 'beta';
  /** The path under the version root, percent-encoded as sent. */
  readonly path: string;
  readonly query: string;
  /** Request headers by lower-case name. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string | null;
  /** Scheme and host for absolute addresses. */
  readonly baseUrl: string;
}

/** The answer to a call; the body is JSON text, or text if a content type says so. */
export interface GraphAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/** Whether a method changes something, and so counts against the limit for writes. */
export function isWrite(method: string): boolean {
  return method !== 'GET' && method !== 'HEAD' && method !== 'OPTIONS';
}
