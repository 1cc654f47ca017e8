import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGraph } from '#graph/client.ts';
import type { GraphConfig } from '#graph/port/graph-config.ts';
import type { GraphReader } from '#graph/port/graph-reader.ts';
import { answerBatch } from './fake-batch.ts';

export const tenantId = '3f0a7c52-8a7e-4a55-9a0f-0c1d2e3f4a5b';
export const clientSecret = 'canary-client-secret-5f1d';

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  /** The part of the body received so far. */
  body: string;
}

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

export interface FakeGraph {
  readonly url: string;
  /** Requests to Graph in order of arrival, without token requests. */
  readonly requests: SeenRequest[];
  readonly tokenRequests: SeenRequest[];
  reader(config?: Partial<GraphConfig>): GraphReader;
  close(): Promise<void>;
}

export interface FakeOptions {
  /** `raw`: the test answers batches itself. Default: the fake requests their members as plain GETs. */
  readonly batches?: 'raw';
}

/**
 * A server that issues tokens and answers other requests as the test wants, well or badly. It complements the
 * simulator: the simulator follows Microsoft's documentation, this server breaks it.
 */
export async function startFakeGraph(
  answer: Answer,
  answerToken?: Answer,
  options: FakeOptions = {},
): Promise<FakeGraph> {
  const requests: SeenRequest[] = [];
  const tokenRequests: SeenRequest[] = [];
  const server = createServer((request, response) => {
    const isToken = request.url?.includes('/oauth2/v2.0/token') === true;
    if (request.url?.endsWith('/$batch') === true && options.batches !== 'raw') {
      void answerBatch(request, response);
      return;
    }
    const seen = isToken ? tokenRequests : requests;
    const { method = '', url: path = '', headers } = request;
    const call = { method, path, headers, body: '' };
    request.on('data', (chunk: Buffer) => (call.body += chunk.toString('utf8')));
    seen.push(call);
    if (!isToken) answer(request, response);
    else if (answerToken) answerToken(request, response);
    else {
      json(response, 200, {
        token_type: 'Bearer',
        expires_in: 3599,
        access_token: `canary-token-${tokenRequests.length}`,
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    requests,
    tokenRequests,
    reader: (config = {}) => createGraph({ ...graphConfig(url), ...config }).readerFor(tenantId),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export function graphConfig(url: string): GraphConfig {
  return {
    baseUrl: url,
    authority: url,
    clientId: '9b1f6c1e-2f47-4c55-8f6d-1a2b3c4d5e6f',
    credential: { kind: 'secret', clientSecret },
  };
}

/** Answers with a value as JSON, or with a text unchanged. */
export function json(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, {
    'content-type': 'application/json;odata.metadata=minimal',
    'request-id': '7c9e6679-7425-40de-944b-e07fc1f90ae7',
    ...headers,
  });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

/** Runs a test against a fake Graph and closes it afterwards. */
export async function withFakeGraph(
  answer: Answer,
  test: (fake: FakeGraph) => Promise<void>,
  answerToken?: Answer,
  options?: FakeOptions,
): Promise<void> {
  const fake = await startFakeGraph(answer, answerToken, options);
  try {
    await test(fake);
  } finally {
    await fake.close();
  }
}

/** Returns the error of a promise; throws if it does not reject. */
export async function rejection(promise: Promise<unknown>): Promise<Record<string, unknown>> {
  return promise.then(
    () => {
      throw new Error('it did not reject');
    },
    (error: unknown) => error as Record<string, unknown>,
  );
}
