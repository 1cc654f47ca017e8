import type { ErrorRequestHandler, Response } from 'express';
import { AuditUnavailableError } from '#db/audit/audit-unavailable.ts';
import { isDatabaseUnavailable } from '#db/database-unavailable.ts';
import { operations } from '#domain/run/operation.ts';
import type { Logger } from '#logger.ts';
import { WriterActiveError } from '#temporal/run/admit-run.ts';
import { DispatchFailedError } from '#temporal/run/run-starter.ts';
import {
  ScheduleRefusedError,
  SchedulesUnavailableError,
} from '#temporal/schedule/backup-schedules.ts';
import { invalidRequest, Problem, problemBody, problemKinds } from './problem.ts';
import { requestState } from './request-state.ts';

/** The Retry-After of a 503: outages here are restarts of some seconds. */
const retryAfterSeconds = 5;

const retryLater = { 'Retry-After': String(retryAfterSeconds) };

/** The problem for an error. An unexpected error tells the caller nothing about its cause. */
function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof DispatchFailedError) {
    return new Problem(
      'dispatch_failed',
      'The run could not be handed to Temporal; it is failed.',
      {
        headers: retryLater,
        extensions: { runId: error.runId },
      },
    );
  }
  if (error instanceof WriterActiveError) {
    const title = operations[error.operationType].title;
    const rule = 'One run at a time writes to a tenant.';
    return new Problem(
      'conflict',
      `${rule} Wait for this one, or cancel it: ${title} ${error.runId}.`,
      {
        extensions: { runId: error.runId },
      },
    );
  }
  if (error instanceof AuditUnavailableError) {
    return new Problem(
      'unavailable',
      'The audit trail cannot be written at present; nothing was changed.',
      { headers: retryLater },
    );
  }
  if (error instanceof SchedulesUnavailableError) {
    return new Problem(
      'unavailable',
      'Temporal cannot be reached at present; nothing was changed.',
      {
        headers: retryLater,
      },
    );
  }
  if (error instanceof ScheduleRefusedError) {
    const path = /zone|location/i.test(error.message) ? 'timeZone' : 'cron';
    return invalidRequest([{ path, message: `is not taken by Temporal: ${error.message}` }]);
  }
  if (isDatabaseUnavailable(error)) {
    return new Problem('unavailable', 'The database cannot be reached at present.', {
      headers: retryLater,
    });
  }
  // Express itself decodes the parameters of a path, and throws a URIError for broken encoding.
  if (error instanceof URIError) {
    return invalidRequest([{ path: 'path', message: 'must be percent-encoded UTF-8' }]);
  }
  return new Problem('internal_error', 'Something unexpected went wrong; the log has the details.');
}

export function sendProblem(response: Response, problem: Problem, requestId: string): void {
  response
    .status(problemKinds[problem.code].status)
    .set(problem.parts.headers ?? {})
    .set('Cache-Control', 'no-store')
    .set('Content-Type', 'application/problem+json; charset=utf-8')
    .end(JSON.stringify(problemBody(problem, requestId)));
}

/** The only place that turns errors into answers. */
export function errorHandler(log: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    const problem = toProblem(error);
    const { requestId } = requestState(request);
    if (problemKinds[problem.code].status >= 500) {
      log.error({ requestId, code: problem.code, err: error }, 'a request failed');
    }
    if (response.headersSent) return next(error);
    sendProblem(response, problem, requestId);
  };
}
