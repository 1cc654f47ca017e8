import type { JsonObject } from './parse-answer.ts';

export interface GraphWriteRequest {
  readonly method: 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** Relative to the version root: `/deviceManagement/...`. */
  readonly path: string;
  /** JSON text, sent unchanged; null for no body. */
  readonly body: string | null;
  /**
   * The caller's signal; after its abort the call rejects with its reason, though Graph may have carried the write
   * out.
   */
  readonly signal?: AbortSignal;
  /** Last moment to send, on performance's clock: a worker paused for longer has lost its claim. */
  readonly notAfterMs?: number;
}

/** The answer to a successful write. */
export interface GraphWriteAnswer {
  readonly status: number;
  /** The object in the answer; null if there is none or it is unreadable. */
  readonly object: JsonObject | null;
  /** Graph's request-id. */
  readonly requestId: string | null;
}

export interface AdmitOptions {
  /** The caller's signal; after its abort the call rejects with its reason. */
  readonly signal?: AbortSignal;
  /** Default: the longest wait of a get. */
  readonly waitMsMax?: number;
}

/** Writes to one tenant. Only the activities that apply a restore get a writer; planning and backups never do. */
export interface GraphWriter {
  readonly tenantId: string;
  /**
   * Waits for room in the tenant's budgets. Call it once per request, before storing the intent of the write.
   * @throws GraphError; `budget_exhausted` (throttled, with retryAfterSeconds) if there is no room in time.
   */
  admit(path: string, options?: AdmitOptions): Promise<void>;
  /**
   * Sends one request and never retries it, except for one retry with a fresh token after a 401: Graph did not carry
   * the first one out. Any 2xx is a success.
   * @throws GraphError; `isAmbiguous` tells if Graph may have carried the write out.
   */
  send(request: GraphWriteRequest): Promise<GraphWriteAnswer>;
}

export interface GraphWriters {
  /** Returns the writer of a tenant by its Entra tenant id. Cheap; makes no call. */
  writerFor(tenantId: string): GraphWriter;
}
