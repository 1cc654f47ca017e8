import { createPrivateKey, X509Certificate } from 'node:crypto';
import { ConfidentialClientApplication, type NodeAuthOptions } from '@azure/msal-node';
import { isSecureEnough } from '#domain/network/secure-url.ts';
import type { GraphConfig, GraphCredential } from '#graph/port/graph-config.ts';
import { createEntraNetwork } from './entra-network.ts';

/** Parses the configured authority. @throws RangeError unless it is https, or http on loopback, without user info. */
export function authorityUrl(config: GraphConfig): URL {
  const url = new URL(config.authority);
  if (!isSecureEnough(url) || url.username !== '' || url.password !== '') {
    throw new RangeError('the authority must be https, or http on loopback, without user info');
  }
  return url;
}

/**
 * Creates MSAL's client for one tenant's authority.
 * @throws RangeError as {@link authorityUrl} does; Error for an unreadable certificate.
 */
export function createMsalApplication(
  config: GraphConfig,
  tenantId: string,
  onFailure: (failure: unknown) => void,
): ConfidentialClientApplication {
  const authority = authorityUrl(config);
  const msalOrigin = `https://${authority.host}`;
  const tenant = `${msalOrigin}/${tenantId}`;
  return new ConfidentialClientApplication({
    auth: {
      clientId: config.clientId,
      authority: tenant,
      knownAuthorities: [authority.host],
      // Entra's endpoints follow from the tenant id; with them given, MSAL fetches no discovery document.
      authorityMetadata: JSON.stringify({
        issuer: `${tenant}/v2.0`,
        authorization_endpoint: `${tenant}/oauth2/v2.0/authorize`,
        token_endpoint: `${tenant}/oauth2/v2.0/token`,
        jwks_uri: `${tenant}/discovery/v2.0/keys`,
      }),
      ...authOptions(config.credential),
    },
    system: {
      networkClient: createEntraNetwork({ msalOrigin, wireOrigin: authority.origin, onFailure }),
      // Only Temporal retries.
      disableInternalRetries: true,
    },
  });
}

function authOptions(credential: GraphCredential): Partial<NodeAuthOptions> {
  if (credential.kind === 'secret') return { clientSecret: credential.clientSecret };
  const certificate = new X509Certificate(credential.certificatePem);
  const privateKey = createPrivateKey(credential.certificatePem);
  return {
    clientCertificate: {
      thumbprintSha256: certificate.fingerprint256.replaceAll(':', ''),
      privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      x5c: certificate.toString(),
    },
  };
}
