/** One received Graph call: a plain request, a `$batch`, or a member of one. */
export interface LogRow {
  readonly seq: number;
  readonly at: string;
  /** The tenant of the token; null without a valid token. */
  readonly tenant: string | null;
  readonly method: string;
  /** The path without the version, as sent. */
  readonly path: string;
  /** The answered status; null for a call in progress or cut off before its answer. */
  status: number | null;
  /** `seq` of the batch this call belongs to. */
  readonly batch: number | null;
  readonly clientRequestId: string | null;
  readonly version: string;
  readonly query: string;
}

/** Bounds the log: a soak test would fill the memory otherwise. */
const rowsMax = 200_000;

/** The log of all calls, numbered by arrival. */
export class RequestLog {
  #rows: LogRow[] = [];
  #lastSeq = 0;

  /** Logs a call and gives it a number. */
  arrive(call: Omit<LogRow, 'seq' | 'at' | 'status'>): LogRow {
    this.#lastSeq += 1;
    const row: LogRow = {
      seq: this.#lastSeq,
      at: new Date().toISOString(),
      status: null,
      ...call,
    };
    this.#rows.push(row);
    // Cut in large steps: shifting so large an array for each call would be slow.
    if (this.#rows.length > rowsMax * 1.25) this.#rows = this.#rows.slice(-rowsMax);
    return row;
  }

  /** Returns the rows of a tenant, or of all for null, after the number `since`, or from the time `since` on. */
  rows(tenant: string | null, since: string | null): LogRow[] {
    const isNewer = newerThan(since);
    return this.#rows.filter(
      (row) => (tenant === null || row.tenant === tenant.toLowerCase()) && isNewer(row),
    );
  }

  clear(): void {
    this.#rows = [];
  }
}

function newerThan(since: string | null): (row: LogRow) => boolean {
  if (since === null || since === '') return () => true;
  if (/^\d+$/.test(since)) return (row) => row.seq > Number(since);
  const time = Date.parse(since);
  return (row) => Date.parse(row.at) >= time;
}
