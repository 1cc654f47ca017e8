import { randomUUID } from 'node:crypto';
import type { RequestHandler } from 'express';
import type { Logger } from '#logger.ts';
import { openRequestState } from './request-state.ts';

/**
 * Gives each request an id and logs one line at its end. The line has the pattern of the route and never the sent text:
 * query, headers and body may hold secrets.
 */
export function requestLog(log: Logger): RequestHandler {
  return (request, response, next) => {
    const startedAt = performance.now();
    const state = openRequestState(request, randomUUID());
    response.setHeader('X-Request-Id', state.requestId);
    response.on('close', () => {
      log.info(
        {
          requestId: state.requestId,
          method: request.method,
          route: state.routePath,
          status: response.statusCode,
          durationMs: Math.round(performance.now() - startedAt),
          principal: state.caller?.principalId ?? null,
          aborted: !response.writableFinished,
        },
        'request',
      );
    });
    next();
  };
}
