/** The caller according to the token. */
export interface Caller {
  readonly tenantId: string;
  readonly appId: string;
  /** The signed-in user of a delegated token; null for an app-only token. */
  readonly userId: string | null;
  /** The permissions of an app-only token; null for a user's token. */
  readonly permissions: ReadonlySet<string> | null;
}

/** One call of Graph: a plain request, or a member of a `$batch`. */
export interface GraphCall {
  readonly caller: Caller;
  readonly method: string;
  readonly version: 'v1.0' | 'beta';
  /** The path below the version root, percent-encoded as sent. */
  readonly path: string;
  readonly query: string;
  /** Request headers by lower-case name. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string | null;
  /** Scheme and host for absolute URLs. */
  readonly baseUrl: string;
}

/** The answer to a call. The body is JSON text, or plain text with its own content type. */
export interface GraphAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/** True if a method changes objects, and so counts against the write limit. */
export function isWrite(method: string): boolean {
  return method !== 'GET' && method !== 'HEAD' && method !== 'OPTIONS';
}
