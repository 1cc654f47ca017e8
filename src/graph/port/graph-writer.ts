import type { JsonObject } from './parse-answer.ts';

export interface GraphWriteRequest {
  readonly method: 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** Under the version: `/deviceManagement/...`. */
  readonly path: string;
  /** JSON text, sent as it is; null for none. */
  readonly body: string | null;
  /** The caller's signal; when it aborts, the call rejects with its reason, and the write may have been carried out. */
  readonly signal?: AbortSignal;
  /** Not sent any more after this moment of performance.now(): a worker that was paused has lost its claim. */
  readonly notAfterMs?: number;
}

/** What a write was answered that was carried out. */
export interface GraphWriteAnswer {
  readonly status: number;
  /** The answer's object; null when there is none, or it could not be read. */
  readonly object: JsonObject | null;
  /** Graph's request-id. */
  readonly requestId: string | null;
}

export interface AdmitOptions {
  /** The caller's signal; when it aborts, the call rejects with its reason. */
  readonly signal?: AbortSignal;
  /** Default: as long as a get waits. */
  readonly waitMsMax?: number;
}

/** Writes to one tenant. Whoever applies a restore gets one; planning and backups never do. */
export interface GraphWriter {
  readonly tenantId: string;
  /**
   * Takes the path of a write and waits for room in the tenant's budgets. To be called before the intent of the write is
   * kept, once for each request. Throws GraphError: `budget_exhausted` (throttled, retryAfterSeconds) when there is no room in time.
   */
  admit(path: string, options?: AdmitOptions): Promise<void>;
  /**
   * Sends one request and none more, whatever is answered; a 401 alone, which was not carried out, is followed by a second one
   * with a fresh token. Any 2xx is a success. Throws GraphError; `isAmbiguous` says whether it may have been carried out.
   */
  send(request: GraphWriteRequest): Promise<GraphWriteAnswer>;
}

export interface GraphWriters {
  /** Takes the Entra tenant id and returns the writer of that tenant; cheap, makes no call. */
  writerFor(tenantId: string): GraphWriter;
}
