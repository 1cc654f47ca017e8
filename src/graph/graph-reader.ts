export interface GraphRead {
  /** The caller's signal; when it aborts, the call rejects with its reason. */
  readonly signal?: AbortSignal;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface GraphAnswer {
  /** The body as text, decoded strictly. */
  readonly text: string;
  /** The body's bytes as received, after decompression. */
  readonly bytes: Uint8Array;
  /** Graph's request-id. */
  readonly requestId: string | null;
}

/** Reads one tenant. It has no way to write, and a guard under it refuses any method but GET. */
export interface GraphReader {
  readonly tenantId: string;
  /**
   * Takes a path under the version (`/deviceManagement/...`) or a nextLink as Graph sent it, and returns the
   * answer of exactly one request (two when a token was refused with 401). Throws GraphError.
   */
  get(pathOrNextLink: string, options?: GraphRead): Promise<GraphAnswer>;
}

export interface Graph {
  /** Takes the Entra tenant id and returns the reader of that tenant; cheap, makes no call. */
  readerFor(tenantId: string): GraphReader;
}
