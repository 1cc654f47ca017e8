import { ActivityFailure, ApplicationFailure, TimeoutFailure } from '@temporalio/workflow';
import type { ReportedFailure } from '#domain/run/activity-types.ts';
import { type FailureContext, isFailureCode } from '#domain/run/failure.ts';

/** Returns the code and context of an activity's failure, as another activity records them. */
export function failureOf(error: unknown): ReportedFailure {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (cause instanceof ApplicationFailure && isFailureCode(cause.type)) {
    return { code: cause.type, context: (cause.details?.[0] ?? {}) as FailureContext };
  }
  if (cause instanceof TimeoutFailure) {
    return { code: 'graph_unavailable', context: { timeout: String(cause.timeoutType) } };
  }
  return { code: 'internal_error', context: {} };
}
