import { randomUUID } from 'node:crypto';

/** A refusal by Graph. */
export class GraphProblem extends Error {
  override readonly name = 'GraphProblem';
  readonly status: number;
  readonly code: string;
  /** Intune wraps its messages in its own JSON. */
  readonly fromIntune: boolean;
  readonly headers: Readonly<Record<string, string>>;
  /** The RetryAfter inside Intune's own JSON. */
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

/** A refusal by OData's routing: the segment does not exist. */
export function noSegment(segment: string): GraphProblem {
  return new GraphProblem(400, 'BadRequest', `Resource not found for the segment '${segment}'.`);
}

/** A refusal by the Intune service, with Intune's wrapped message. */
export function intuneProblem(status: number, code: string, message: string): GraphProblem {
  return new GraphProblem(status, code, message, { fromIntune: true });
}

/** The refusal of a malformed query or body. */
export function badRequest(message: string): GraphProblem {
  return new GraphProblem(400, 'BadRequest', message);
}

/** The ids for Microsoft's support to find a request. */
export interface RequestIds {
  readonly requestId: string;
  readonly clientRequestId: string;
}

/** Returns the body of an error in Graph's form. */
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

/** Returns Intune's own JSON, the message of its errors. */
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
