import type { ApplicationFailure } from '@temporalio/common';
import { type Failure, failure, type FailureContext, isFailureCode } from '#domain/run/failure.ts';

/** Returns the failure of an activity in the form of rows. */
export function failureOfActivity({ type, details }: ApplicationFailure): Failure {
  const code = isFailureCode(type) ? type : 'internal_error';
  return failure(code, (details?.[0] ?? {}) as FailureContext);
}
