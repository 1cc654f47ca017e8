import type { GraphConfig } from '#graph/port/graph-config.ts';
import { GraphError } from '#graph/port/graph-error.ts';
import { createMsalApplication } from './msal-application.ts';
import { graphScope } from './tokens.ts';

/** What the product reads on behalf of a person, and all that it asks for. */
const delegatedPermission = 'Group.Read.All';

/**
 * Exchanges the access token that a person has sent us for one with which we may ask Graph in that person's name, by
 * OAuth's on-behalf-of flow. Throws GraphError with Entra's AADSTS code where the directory refuses.
 * @param directory the person's own directory, which has issued the token.
 */
export async function tokenOnBehalfOf(
  config: GraphConfig,
  directory: string,
  userToken: string,
): Promise<string> {
  let failure: unknown = null;
  // A client for this exchange alone: a shared one would keep the tokens of everybody who has ever asked.
  const application = createMsalApplication(config, directory, (error) => {
    failure = error;
  });
  try {
    const result = await application.acquireTokenOnBehalfOf({
      oboAssertion: userToken,
      scopes: [graphScope(config.baseUrl, delegatedPermission)],
      skipCache: true,
    });
    if (result?.accessToken) return result.accessToken;
  } catch {
    // MSAL's own errors may repeat the request, and with it both tokens; only a code leaves this file.
    if (failure) throw failure;
  }
  throw new GraphError({ kind: 'unauthorized', code: 'token_failed' });
}
