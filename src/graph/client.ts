import { randomUUID } from 'node:crypto';
import { Client, ResponseType } from '@microsoft/microsoft-graph-client';
import { answerError } from './answer-error.ts';
import { CallState } from './call-state.ts';
import {
  requestTimeoutMsDefault,
  responseBytesMaxDefault,
  type GraphConfig,
} from './graph-config.ts';
import { GraphError } from './graph-error.ts';
import type { Graph, GraphAnswer, GraphRead, GraphReader } from './graph-reader.ts';
import { ExactCall, ReadGuard, TenantAuthentication, Wire } from './middleware.ts';
import { decodeUtf8, readBody } from './read-body.ts';
import { safeId } from './safe-words.ts';
import { createTokens } from './tokens.ts';
import { checkedLink, trustedBase, urlOfPath, type TrustedBase } from './trusted-url.ts';
import { callSignals, wireFailure } from './wire-failure.ts';

// v1.0 lacks most policy types, and the scope tags and filters of those it has.
const graphVersion = 'beta';

// It becomes part of the authority's path.
const tenantIdPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

interface ReadLimits {
  readonly requestTimeoutMs: number;
  readonly responseBytesMax: number;
}

/**
 * Takes the configuration and returns the port to Graph. Makes no call; throws a RangeError when a URL of the
 * configuration is neither https nor http on loopback.
 */
export function createGraph(config: GraphConfig): Graph {
  const base = trustedBase(config.baseUrl, graphVersion);
  const tokens = createTokens(config);
  const limits = {
    requestTimeoutMs: config.requestTimeoutMs ?? requestTimeoutMsDefault,
    responseBytesMax: config.responseBytesMax ?? responseBytesMaxDefault,
  };
  return {
    readerFor: (tenantId) => {
      if (!tenantIdPattern.test(tenantId)) throw new RangeError('a tenant id is a GUID');
      const client = Client.initWithMiddleware({
        baseUrl: base.origin,
        middleware: [
          new ExactCall(),
          new TenantAuthentication(tokens, tenantId),
          new ReadGuard(base),
          new Wire(),
        ],
      });
      return createReader(client, tenantId, base, limits);
    },
  };
}

function createReader(
  client: Client,
  tenantId: string,
  base: TrustedBase,
  limits: ReadLimits,
): GraphReader {
  return {
    tenantId,
    get: async (pathOrNextLink, options = {}) => {
      const url = pathOrNextLink.startsWith('/')
        ? urlOfPath(base, pathOrNextLink)
        : checkedLink(base, pathOrNextLink);
      return readOnce(client, url, options, limits);
    },
  };
}

async function readOnce(
  client: Client,
  url: string,
  options: GraphRead,
  limits: ReadLimits,
): Promise<GraphAnswer> {
  options.signal?.throwIfAborted();
  const clientRequestId = randomUUID();
  const signals = callSignals(options.signal, limits.requestTimeoutMs);
  const state = new CallState(url, signals.either);
  try {
    const response = (await client
      .api('/')
      .middlewareOptions([state])
      .headers({ ...readHeaders, ...options.headers, 'client-request-id': clientRequestId })
      .responseType(ResponseType.RAW)
      .get()) as Response;
    if (!response.ok) throw await answerError(response, clientRequestId);
    return await readAnswer(response, limits.responseBytesMax, clientRequestId);
  } catch (error) {
    throw wireFailure(state.failure ?? error, signals, clientRequestId);
  }
}

const readHeaders = {
  Accept: 'application/json;odata.metadata=minimal',
  // Without it Graph writes unknownFutureValue for newer enum members, and a restore would lose them.
  Prefer: 'include-unknown-enum-members',
};

async function readAnswer(
  response: Response,
  bytesMax: number,
  clientRequestId: string,
): Promise<GraphAnswer> {
  const requestId = safeId(response.headers.get('request-id'));
  const contentType = response.headers.get('content-type') ?? '';
  if (response.status !== 200 || !/^application\/([\w.-]+\+)?json\b/i.test(contentType)) {
    await response.body?.cancel();
    throw new GraphError({
      kind: 'invalid_response',
      code: 'not_json',
      status: response.status,
      requestId,
      clientRequestId,
    });
  }
  const bytes = await readBody(response, bytesMax);
  return { text: decodeUtf8(bytes), bytes, requestId };
}
