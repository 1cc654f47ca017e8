import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Request, RequestHandler, Response } from 'express';
import type { ApiDependencies } from './dependencies.ts';
import { parseJsonInput } from './json-input.ts';
import { Problem } from './problem.ts';
import { jsonBody, readBody } from './read-body.ts';
import { readZipBody } from './read-zip-body.ts';
import { requestState } from './request-state.ts';
import type { Answer, Route, RouteRequest } from './route.ts';

/**
 * The longest wait for an answer. A start that asks Temporal twice takes at most 10 s; this limit is for a hanging database or
 * network.
 */
const answerTimeoutMs = 15_000;

/** An upload may take the server's whole time for a request, and some seconds to be sealed. */
const uploadAnswerTimeoutMs = 60_000;

/** The longest pause of a client in the middle of a stream. */
const streamIdleTimeoutMs = 30_000;

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
    async readJson(bytesMax) {
      const bytes = await readBody(request, jsonBody(bytesMax));
      return bytes === null ? undefined : parseJsonInput(bytes, bytesMax);
    },
    readZip: () => readZipBody(request, deps.config.IMPORT_MAX_MEBIBYTES),
  };
}

async function withinTime(answer: Promise<Answer>, timeoutMs: number): Promise<Answer> {
  const timer = new AbortController();
  const tooLate = sleep(timeoutMs, null, { signal: timer.signal }).then(() => {
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

async function sendStream(
  response: Response,
  { type, byteLength, content }: NonNullable<Answer['stream']>,
): Promise<void> {
  response.set('Content-Type', type);
  // Without it, the answer is chunked.
  if (byteLength !== undefined) response.set('Content-Length', String(byteLength));
  if (response.req.method === 'HEAD') {
    response.end();
    return;
  }
  response.setTimeout(streamIdleTimeoutMs, () => response.destroy());
  try {
    await pipeline(Readable.from(content, { objectMode: false }), response);
  } catch (error) {
    // The client went away in the middle; that is no error.
    if (!isPrematureClose(error)) throw error;
  }
}

function isPrematureClose(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';
}

async function send(response: Response, route: Route, answer: Answer): Promise<void> {
  response.status(answer.status ?? route.answer.status).set(answer.headers ?? {});
  if (answer.stream !== undefined) {
    await sendStream(response, answer.stream);
  } else if (answer.text !== undefined) {
    response.set('Content-Type', answer.text.type).end(answer.text.content);
  } else if (answer.body !== undefined) {
    response.set('Content-Type', 'application/json; charset=utf-8');
    response.end(JSON.stringify(answer.body));
  } else {
    response.end();
  }
}

export function routeHandler(route: Route, deps: ApiDependencies): RequestHandler {
  return async (request, response) => {
    requestState(request).routePath = route.path;
    const timeoutMs = route.bodyType === 'zip' ? uploadAnswerTimeoutMs : answerTimeoutMs;
    const answer = await withinTime(route.handle(toRouteRequest(request, deps)), timeoutMs);
    await send(response, route, answer);
  };
}
