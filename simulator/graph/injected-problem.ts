import type { FaultEffect } from '../control/faults.ts';
import type { TurnedAway } from '../control/throttle.ts';
import { GraphProblem } from './problem.ts';

/** Graph's error code and message for each status. */
const words: ReadonlyMap<number, readonly [string, string]> = new Map([
  [400, ['BadRequest', 'The request is malformed or incorrect.']],
  [401, ['InvalidAuthenticationToken', 'Access token has expired or is not yet valid.']],
  [403, ['Forbidden', 'Application is not authorized to perform this operation.']],
  [404, ['ResourceNotFound', 'The requested resource does not exist.']],
  [409, ['Conflict', 'The current state conflicts with what the request expects.']],
  [412, ['PreconditionFailed', 'A precondition of the request is not met.']],
  [423, ['Locked', 'The resource that is being accessed is locked.']],
  [429, ['TooManyRequests', 'Too Many Requests']],
  [500, ['InternalServerError', 'An internal server error occurred.']],
  [501, ['NotImplemented', 'The requested feature is not implemented.']],
  [502, ['BadGateway', 'An error occurred while sending the request.']],
  [503, ['ServiceUnavailable', 'The service is temporarily unavailable.']],
  [504, ['UnknownError', 'The gateway did not receive a timely response.']],
]);

const statusMin = 400;
const statusMax = 599;
const throttledStatus = 429;

/** Returns the error of a fault; null if it only delays. A Retry-After without a status means 429. */
export function faultProblem(effect: FaultEffect): GraphProblem | null {
  const wait = effect.retryAfter ?? effect.nestedRetryAfter;
  const status = effect.status ?? (wait === undefined ? undefined : throttledStatus);
  if (status === undefined || status < statusMin || status > statusMax) return null;
  const [code, message] = words.get(status) ?? ['UnknownError', `Status ${status}`];
  return new GraphProblem(status, code, message, {
    fromIntune: status === throttledStatus,
    headers: effect.retryAfter === undefined ? {} : { 'retry-after': String(effect.retryAfter) },
    nestedRetryAfter:
      effect.nestedRetryAfter === undefined ? null : String(effect.nestedRetryAfter),
  });
}

/** Returns the error for a call above the limits. */
export function throttledProblem({ retryAfterSeconds }: TurnedAway): GraphProblem {
  return new GraphProblem(throttledStatus, 'TooManyRequests', 'Too Many Requests', {
    fromIntune: retryAfterSeconds !== null,
    headers: retryAfterSeconds === null ? {} : { 'retry-after': String(retryAfterSeconds) },
  });
}

/** The answer of a gateway after its timeout for the service behind it. */
export const gatewayTimeout = new GraphProblem(
  504,
  'UnknownError',
  'The gateway did not receive a timely response.',
);
