import { setTimeout as sleep } from 'node:timers/promises';
import type { Request, RequestHandler, Response } from 'express';
import type { ApiDependencies } from './dependencies.ts';
import { parseJsonInput } from './json-input.ts';
import { Problem } from './problem.ts';
import { readBody } from './read-body.ts';
import { requestState } from './request-state.ts';
import type { Answer, Route, RouteRequest } from './route.ts';

/**
 * How long a caller waits for an answer. A start that has to ask Temporal twice is over within 10 s; this is for a database
 * or network that hangs without an error.
 */
const answerTimeoutMs = 15_000;

const retryAfterSeconds = 5;

function toRouteRequest(request: Request, deps: ApiDependencies): RouteRequest {
  const { requestId, caller } = requestState(request);
  const queryStart = request.url.indexOf('?');
  const params = Object.entries(request.params).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return {
    deps,
    requestId,
    caller,
    params: Object.fromEntries(params),
    rawQuery: queryStart < 0 ? '' : request.url.slice(queryStart + 1),
    async readJson() {
      const bytes = await readBody(request);
      return bytes === null ? undefined : parseJsonInput(bytes);
    },
  };
}

async function withinTime(answer: Promise<Answer>): Promise<Answer> {
  const timer = new AbortController();
  const tooLate = sleep(answerTimeoutMs, null, { signal: timer.signal }).then(() => {
    throw new Problem('unavailable', 'The answer took too long.', {
      headers: { 'Retry-After': String(retryAfterSeconds) },
    });
  });
  try {
    return await Promise.race([answer, tooLate]);
  } finally {
    tooLate.catch(() => undefined);
    timer.abort();
  }
}

function send(response: Response, route: Route, answer: Answer): void {
  response.status(answer.status ?? route.answer.status).set(answer.headers ?? {});
  if (answer.text !== undefined) {
    response.set('Content-Type', answer.text.type).end(answer.text.content);
  } else if (answer.body !== undefined) {
    response.set('Content-Type', 'application/json; charset=utf-8');
    response.end(JSON.stringify(answer.body));
  } else {
    response.end();
  }
}

/** The Express handler of a route. */
export function routeHandler(route: Route, deps: ApiDependencies): RequestHandler {
  return async (request, response) => {
    requestState(request).routePath = route.path;
    send(response, route, await withinTime(route.handle(toRouteRequest(request, deps))));
  };
}
