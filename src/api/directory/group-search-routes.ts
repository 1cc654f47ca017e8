import { z } from 'zod';
import { userTokenOf } from '#api/auth/user-token.ts';
import { cleanDisplayName } from '#api/http/caller.ts';
import { tenantRoute } from '#api/http/define-route.ts';
import { limitInput, nothing, searchInput } from '#api/http/input-schemas.ts';
import { listOf } from '#api/http/list-answer.ts';
import type { Route } from '#api/http/route.ts';
import { principalId } from '#domain/identity/principal.ts';
import { groupSearchProblem } from './group-search-problem.ts';

const foundSchema = z.strictObject({
  principalId: z.string().describe('The principal id for a new member'),
  displayName: z.string(),
});

/** The only route that calls Microsoft Graph during a request. */
export const groupSearchRoutes: readonly Route[] = [
  tenantRoute(
    {
      operationId: 'searchGroups',
      method: 'get',
      path: '/api/v1/tenants/{tenantId}/directory/group-search',
      summary:
        "Groups of the caller's own directory, from Microsoft Graph on behalf of the caller, to be given a role",
      tag: 'Directory',
      access: 'owner',
      onBehalfOfCaller: true,
      query: z.strictObject({ q: searchInput, limit: limitInput }),
      body: nothing,
      answer: { status: 200, schema: listOf(foundSchema) },
      problems: [
        'delegated_token_required',
        'consent_required',
        'interaction_required',
        'graph_forbidden',
      ],
    },
    async ({ deps, caller, query }) => {
      const found = await deps.groupSearch
        .search({
          directory: caller.tenantId,
          userToken: userTokenOf(caller),
          text: query.q,
          limit: query.limit,
        })
        .catch((error: unknown) => {
          throw groupSearchProblem(error);
        });
      const items = found.map(({ groupId, displayName }) => ({
        principalId: principalId(caller.tenantId, groupId),
        displayName: cleanDisplayName(displayName) || groupId,
      }));
      return { body: { items, nextCursor: null } };
    },
  ),
];
