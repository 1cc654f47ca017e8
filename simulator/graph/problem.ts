import { randomUUID } from 'node:crypto';

/** A refusal of Graph's. */
export class GraphProblem extends Error {
  override readonly name = 'GraphProblem';
  readonly status: number;
  readonly code: string;
  /** Intune wraps its messages in JSON of its own. */
  readonly fromIntune: boolean;
  readonly headers: Readonly<Record<string, string>>;
  /** What Intune's own JSON says of when to come again. */
  readonly nestedRetryAfter: string | null;

  constructor(
    status: number,
    code: string,
    message: string,
    options: {
      fromIntune?: boolean;
      headers?: Readonly<Record<string, string>>;
      nestedRetryAfter?: string | null;
    } = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.fromIntune = options.fromIntune ?? false;
    this.headers = options.headers ?? {};
    this.nestedRetryAfter = options.nestedRetryAfter ?? null;
  }
}

/** A refusal by the routing of OData: there is no such segment. */
export function noSegment(segment: string): GraphProblem {
  return new GraphProblem(400, 'BadRequest', `Resource not found for the segment '${segment}'.`);
}

/** A refusal by the Intune service, its message wrapped as Intune wraps it. */
export function intuneProblem(status: number, code: string, message: string): GraphProblem {
  return new GraphProblem(status, code, message, { fromIntune: true });
}

/** A query or body that Graph cannot read. */
export function badRequest(message: string): GraphProblem {
  return new GraphProblem(400, 'BadRequest', message);
}

/** The ids by which Microsoft's support finds a request. */
export interface RequestIds {
  readonly requestId: string;
  readonly clientRequestId: string;
}

/** The body of an error, as Graph words it. */
export function problemText(problem: GraphProblem, ids: RequestIds): string {
  const message = problem.fromIntune
    ? intuneMessage(problem.message, problem.nestedRetryAfter)
    : problem.message;
  return JSON.stringify({
    error: {
      code: problem.code,
      message,
      innerError: {
        date: new Date().toISOString().slice(0, 19),
        'request-id': ids.requestId,
        'client-request-id': ids.clientRequestId,
      },
    },
  });
}

/** Intune's own JSON, which it puts into the message of an error. */
export function intuneMessage(message: string, retryAfter: string | null): string {
  const customerOperation = '00000000-0000-0000-0000-000000000000';
  return JSON.stringify({
    _version: 3,
    Message: `${message} - Operation ID (for customer support): ${customerOperation} - Activity ID: ${randomUUID()} - Url: https://fef.msub01.manage.microsoft.com/StatelessDeviceConfigurationFEService/deviceManagement`,
    CustomApiErrorPhrase: '',
    RetryAfter: retryAfter,
    ErrorSourceService: '',
    HttpHeaders: '{}',
  });
}
