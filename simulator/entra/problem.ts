import { randomUUID } from 'node:crypto';

/** A refusal by Entra, with the number of its AADSTS code. */
export class EntraProblem extends Error {
  override readonly name = 'EntraProblem';
  readonly status: number;
  readonly error: string;
  readonly code: number;

  constructor(status: number, error: string, code: number, message: string) {
    super(message);
    this.status = status;
    this.error = error;
    this.code = code;
  }
}

/** The body of a refusal at the token endpoint. */
export function problemBody(problem: EntraProblem): Record<string, unknown> {
  const traceId = randomUUID();
  const correlationId = randomUUID();
  const timestamp = `${new Date().toISOString().slice(0, 19).replace('T', ' ')}Z`;
  return {
    error: problem.error,
    error_description: `AADSTS${problem.code}: ${problem.message} Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${timestamp}`,
    error_codes: [problem.code],
    timestamp,
    trace_id: traceId,
    correlation_id: correlationId,
    error_uri: `https://login.microsoftonline.com/error?code=${problem.code}`,
  };
}
