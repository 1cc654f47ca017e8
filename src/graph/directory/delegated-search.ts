import { randomUUID } from 'node:crypto';
import { Client } from '@microsoft/microsoft-graph-client';
import type { FoundGroup, GroupQuestion, GroupSearch } from '#domain/directory/group-search.ts';
import { guidPattern } from '#domain/identity/principal.ts';
import { tokenOnBehalfOf } from '#graph/auth/delegated-token.ts';
import type { GraphConfig } from '#graph/port/graph-config.ts';
import { GraphError } from '#graph/port/graph-error.ts';
import {
  isJsonObject,
  memberOf,
  pageDepthMax,
  parseAnswer,
  stringMember,
} from '#graph/port/parse-answer.ts';
import { type TrustedBase, trustedBase, urlOfPath } from '#graph/port/trusted-url.ts';
import { callGraph, type CallLimits } from '#graph/wire/call-graph.ts';
import { ExactCall, TenantAuthentication, Wire } from '#graph/wire/middleware.ts';
import { ReadGuard } from '#graph/wire/read-guard.ts';
import { groupSearchFailure } from './group-search-failure.ts';

const graphVersion = 'v1.0';

/** A person waits for the answer, and the API gives up after 15 s. Two hundred groups with two properties are small. */
const limits: CallLimits = { requestTimeoutMs: 9_000, responseBytesMax: 1024 * 1024 };

/** Creates the search of a directory's groups in a person's name; makes no call. @throws RangeError as createGraph does. */
export function createGroupSearch(config: GraphConfig): GroupSearch {
  const base = trustedBase(config.baseUrl, graphVersion);
  return {
    search: async (question) => {
      try {
        return await searchIn(config, base, question);
      } catch (error) {
        throw groupSearchFailure(error);
      }
    },
  };
}

async function searchIn(
  config: GraphConfig,
  base: TrustedBase,
  { directory, userToken, text, limit }: GroupQuestion,
): Promise<FoundGroup[]> {
  const tokens = { accessToken: () => tokenOnBehalfOf(config, directory, userToken) };
  const middleware = [
    new ExactCall(),
    new TenantAuthentication(tokens, directory),
    new ReadGuard(base),
    new Wire(),
  ];
  const client = Client.initWithMiddleware({ baseUrl: base.origin, middleware });
  const call = {
    url: urlOfPath(base, searchPath(text, limit)),
    envelope: null,
    // Graph refuses to search a directory without ConsistencyLevel.
    headers: { Accept: 'application/json', ConsistencyLevel: 'eventual' },
    clientRequestId: randomUUID(),
    signal: undefined,
  };
  const answer = await callGraph(client, call, limits);
  const found = memberOf(parseAnswer(answer, pageDepthMax), 'value');
  if (!Array.isArray(found)) throw invalid('no_value', answer.requestId);
  return found.map((element) => foundGroup(element, answer.requestId));
}

/** Inside the quotes Graph expects a backslash before each quote and backslash. */
function searchPath(text: string, limit: number): string {
  const clause = `"displayName:${text.replaceAll(/["\\]/g, '\\$&')}"`;
  return `/groups?$search=${encodeURIComponent(clause)}&$select=id,displayName&$top=${limit}`;
}

function foundGroup(element: unknown, requestId: string | null): FoundGroup {
  const groupId = isJsonObject(element) ? stringMember(element, 'id')?.toLowerCase() : undefined;
  if (!isJsonObject(element) || groupId === undefined || !guidPattern.test(groupId)) {
    throw invalid('bad_object_id', requestId);
  }
  return { groupId, displayName: stringMember(element, 'displayName') ?? '' };
}

function invalid(code: string, requestId: string | null): GraphError {
  return new GraphError({ kind: 'invalid_response', code, status: 200, requestId });
}
