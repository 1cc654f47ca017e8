export interface GraphRead {
  /** The caller's signal; after its abort the call rejects with its reason. */
  readonly signal?: AbortSignal;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ReaderOptions {
  /** Reads of a running restore have their own queue and go before others. */
  readonly priority?: 'restore';
  /** Longest wait for room in the tenant's budget. Default: budgetWaitMsMax. */
  readonly budgetWaitMs?: number;
}

export interface GraphAnswer {
  /** The body, decoded as strict UTF-8. */
  readonly text: string;
  /** The body's bytes, after decompression. */
  readonly bytes: Uint8Array;
  /** Graph's request-id. */
  readonly requestId: string | null;
}

/** Reads one tenant. It cannot write: a guard below refuses every request except GETs and batches of GETs. */
export interface GraphReader {
  readonly tenantId: string;
  /**
   * Returns Graph's answer for a path relative to the version root (`/deviceManagement/...`) or a nextLink as Graph
   * sent it. Concurrent gets share a `$batch`, but each is answered, fails and aborts as if sent alone.
   * @throws GraphError; `budget_exhausted` (throttled) if the tenant's budget has no room in time.
   */
  get(pathOrNextLink: string, options?: GraphRead): Promise<GraphAnswer>;
}

export interface Graph {
  /** Returns the reader of a tenant by its Entra tenant id. Cheap; makes no call. */
  readerFor(tenantId: string, options?: ReaderOptions): GraphReader;
}
