export interface GraphRead {
  /** The caller's signal; when it aborts, the call rejects with its reason. */
  readonly signal?: AbortSignal;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ReaderOptions {
  /** The reads of a restore that is carried out go before others, and not in one queue with them. */
  readonly priority?: 'restore';
  /** How long a get may wait for room in the tenant's budget once there is none. Default: budgetWaitMsMax. */
  readonly budgetWaitMs?: number;
}

export interface GraphAnswer {
  /** The body as text, decoded strictly. */
  readonly text: string;
  /** The body's bytes as received, after decompression. */
  readonly bytes: Uint8Array;
  /** Graph's request-id. */
  readonly requestId: string | null;
}

/** Reads one tenant. It has no way to write, and a guard under it refuses all but GETs and batches of GETs. */
export interface GraphReader {
  readonly tenantId: string;
  /**
   * Takes a path under the version (`/deviceManagement/...`) or a nextLink as Graph sent it, and returns Graph's
   * answer. Gets that are asked for together share a `$batch`; each is answered, fails and is given up by itself as
   * if it went alone. Throws GraphError: also `budget_exhausted` (throttled) when the tenant's budget has no room soon.
   */
  get(pathOrNextLink: string, options?: GraphRead): Promise<GraphAnswer>;
}

export interface Graph {
  /** Takes the Entra tenant id and returns the reader of that tenant; cheap, makes no call. */
  readerFor(tenantId: string, options?: ReaderOptions): GraphReader;
}
