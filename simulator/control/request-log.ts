/** One call of Graph that arrived: a plain request, a `$batch` envelope, or a member of one. */
export interface LogRow {
  readonly seq: number;
  readonly at: string;
  /** The tenant of the token; null when the token was none. */
  readonly tenant: string | null;
  readonly method: string;
  /** The path without the version, as sent. */
  readonly path: string;
  /** What the service did; null while it is at it, and for what it was cut off from doing. */
  status: number | null;
  /** The number of the envelope that this call was a member of. */
  readonly batch: number | null;
  readonly clientRequestId: string | null;
  readonly version: string;
  readonly query: string;
}

/** What the log keeps of its oldest rows is bounded: a soak test would fill the memory otherwise. */
const rowsMax = 200_000;

/** The log of all calls, numbered in the order of their arrival. */
export class RequestLog {
  #rows: LogRow[] = [];
  #lastSeq = 0;

  /** Numbers a call that has just arrived. */
  arrive(call: Omit<LogRow, 'seq' | 'at' | 'status'>): LogRow {
    this.#lastSeq += 1;
    const row: LogRow = {
      seq: this.#lastSeq,
      at: new Date().toISOString(),
      status: null,
      ...call,
    };
    this.#rows.push(row);
    // Cut in large steps: shifting an array of this size for each call would be slow.
    if (this.#rows.length > rowsMax * 1.25) this.#rows = this.#rows.slice(-rowsMax);
    return row;
  }

  /** The rows of a tenant (or all), numbered above `since` or, if that is a time, not older than it. */
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
