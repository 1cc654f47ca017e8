import type { GraphConfig } from '#graph/port/graph-config.ts';
import { GraphError } from '#graph/port/graph-error.ts';
import { createMsalApplication } from './msal-application.ts';
import { graphScope } from './tokens.ts';

/** The only delegated permission the product asks for. */
const delegatedPermission = 'Group.Read.All';

/**
 * Exchanges a person's access token for a Graph token in their name (OAuth on-behalf-of flow).
 * @param directory the person's own directory, the issuer of `userToken`.
 * @throws GraphError with Entra's AADSTS code if the directory refuses.
 */
export async function tokenOnBehalfOf(
  config: GraphConfig,
  directory: string,
  userToken: string,
): Promise<string> {
  let failure: unknown = null;
  // One client per exchange: a shared client would cache the tokens of all callers.
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
    // An MSAL error may contain the request with both tokens, so only its code leaves this file.
    if (failure) throw failure;
  }
  throw new GraphError({ kind: 'unauthorized', code: 'token_failed' });
}
