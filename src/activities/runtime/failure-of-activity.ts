import type { ApplicationFailure } from '@temporalio/common';
import { type Failure, failure, type FailureContext, isFailureCode } from '#domain/run/failure.ts';

/** Takes a failure as an activity throws it, and returns it as rows keep it. */
export function failureOfActivity({ type, details }: ApplicationFailure): Failure {
  const code = isFailureCode(type) ? type : 'internal_error';
  return failure(code, (details?.[0] ?? {}) as FailureContext);
}
