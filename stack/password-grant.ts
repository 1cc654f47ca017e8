import { commonEnvironment } from './child-environment.ts';
import type { DirectoryUser } from './simulator-directory.ts';

const timeoutMs = 10_000;

/**
 * Gets an API access token for a user of the simulator by the password grant, which only the
 * simulator offers. Throws with the simulator's reason if it refuses.
 */
export async function signIn(
  simulatorUrl: string,
  tenantId: string,
  user: DirectoryUser,
  env: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  const { ENTRA_CLIENT_ID: clientId, API_AUDIENCE: audience } = commonEnvironment(env);
  const response = await fetch(`${simulatorUrl}/${tenantId}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'password',
      client_id: clientId ?? '',
      username: user.userPrincipalName,
      password: user.password,
      scope: `${audience}/.default`,
    }),
    signal: AbortSignal.timeout(timeoutMs),
  });
  const answer = (await response.json()) as { access_token?: string; error_description?: string };
  if (response.ok && answer.access_token) return answer.access_token;
  throw new Error(
    `The simulator refuses ${user.userPrincipalName} (${response.status}): ${answer.error_description ?? ''}`,
  );
}
