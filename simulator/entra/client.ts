import type { Entra } from './entra.ts';
import { EntraProblem } from './problem.ts';

/** The application in a token request, and its kind of proof. */
export interface Client {
  readonly id: string;
  readonly proof: 'secret' | 'assertion' | 'none';
}

const jwtAssertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
/** Header, payload and signature, the form of a certificate's client assertion. */
const assertionShape = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/**
 * Reads the client of a token request from the form or from basic authentication. The configured client must present
 * its secret or an assertion. Only the form of an assertion is checked: the simulator knows no certificates.
 * @throws EntraProblem (AADSTS7000215, 50027).
 */
export function readClient(
  entra: Entra,
  form: URLSearchParams,
  authorization: string | undefined,
): Client {
  const basic = readBasic(authorization);
  const id = form.get('client_id') ?? basic?.id ?? '';
  const secret = form.get('client_secret') ?? basic?.secret ?? '';
  const assertion = form.get('client_assertion') ?? '';
  if (assertion !== '') {
    const typed = form.get('client_assertion_type') === jwtAssertionType;
    if (!typed || !assertionShape.test(assertion)) {
      throw new EntraProblem(401, 'invalid_client', 50027, 'JWT token is invalid or malformed.');
    }
    return { id, proof: 'assertion' };
  }
  if (secret === '') return { id, proof: 'none' };
  if (entra.client?.id === id && entra.client.secret !== secret) throw wrongSecret(id);
  return { id, proof: 'secret' };
}

/**
 * Refuses a client without a proof.
 * @throws EntraProblem (AADSTS900144, 7000218).
 */
export function requireProof(client: Client): void {
  if (client.id === '') {
    throw new EntraProblem(
      400,
      'invalid_request',
      900144,
      "The request body must contain the following parameter: 'client_id'.",
    );
  }
  if (client.proof === 'none') {
    throw new EntraProblem(
      401,
      'invalid_client',
      7000218,
      "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
    );
  }
}

function wrongSecret(id: string): EntraProblem {
  return new EntraProblem(
    401,
    'invalid_client',
    7000215,
    `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${id}'.`,
  );
}

function readBasic(authorization: string | undefined): { id: string; secret: string } | null {
  const [scheme = '', credentials = ''] = authorization?.split(' ') ?? [];
  if (scheme.toLowerCase() !== 'basic') return null;
  const [id = '', ...secret] = Buffer.from(credentials, 'base64').toString('utf8').split(':');
  return { id: formDecode(id), secret: formDecode(secret.join(':')) };
}

function formDecode(text: string): string {
  return new URLSearchParams(`v=${text}`).get('v') ?? '';
}
