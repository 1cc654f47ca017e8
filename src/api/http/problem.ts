/** The status and title of every problem of the API, by its stable code. */
export const problemKinds = {
  invalid_request: { status: 400, title: 'The request is not valid' },
  unauthenticated: { status: 401, title: 'Sign in first' },
  forbidden: { status: 403, title: 'Not allowed' },
  delegated_token_required: {
    status: 403,
    title: 'A sign-in that can stand for you towards Microsoft Graph is required',
  },
  consent_required: { status: 403, title: 'The directory has to consent first' },
  interaction_required: { status: 403, title: 'The directory wants another sign-in first' },
  graph_forbidden: { status: 403, title: 'Microsoft Graph refused access' },
  not_found: { status: 404, title: 'Not found' },
  method_not_allowed: { status: 405, title: 'Method not allowed' },
  conflict: { status: 409, title: 'Not possible in the present state' },
  preview_stale: { status: 409, title: 'The preview is too old to be carried out' },
  payload_too_large: { status: 413, title: 'The body is too large' },
  unsupported_media_type: { status: 415, title: 'The body has an unsupported media type' },
  internal_error: { status: 500, title: 'Something went wrong inside Tenantry' },
  snapshot_corrupt: { status: 500, title: 'The stored snapshot is damaged' },
  dispatch_failed: { status: 503, title: 'The run could not be started' },
  unavailable: { status: 503, title: 'Temporarily unavailable' },
} as const;

export type ProblemCode = keyof typeof problemKinds;

/** A fault of the input: its place (a dotted path or the name of a parameter) and a sentence. */
export interface InputError {
  readonly path: string;
  readonly message: string;
}

interface ProblemParts {
  readonly errors?: readonly InputError[];
  /** Extension members of RFC 9457, beside the standard ones. */
  readonly extensions?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Ends a request with a problem document. The caller sees the detail, so it holds no secrets. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly parts: ProblemParts;
  constructor(code: ProblemCode, detail: string, parts: ProblemParts = {}) {
    super(detail);
    this.code = code;
    this.parts = parts;
  }
}

/** The problem document of RFC 9457. */
export function problemBody(problem: Problem, requestId: string): Record<string, unknown> {
  const { status, title } = problemKinds[problem.code];
  return {
    type: `urn:tenantry:problem:${problem.code}`,
    title,
    status,
    code: problem.code,
    detail: problem.message,
    requestId,
    ...(problem.parts.errors === undefined ? {} : { errors: problem.parts.errors }),
    ...problem.parts.extensions,
  };
}

export function invalidRequest(errors: readonly InputError[]): Problem {
  return new Problem('invalid_request', 'Some of the input is not valid; see errors.', { errors });
}

/** One sentence for every refusal at the border of a tenant: different ones would reveal which tenants exist. */
export function forbidden(): Problem {
  return new Problem('forbidden', 'You have no access to this tenant or object.');
}

/** The route acts as the caller, and the token belongs to an application. */
export function delegatedTokenRequired(): Problem {
  return new Problem(
    'delegated_token_required',
    'This acts on behalf of a signed-in person; the token stands for an application.',
  );
}

export function notFound(): Problem {
  return new Problem('not_found', 'There is nothing with this address.');
}
