import { createPrivateKey, X509Certificate } from 'node:crypto';
import { ConfidentialClientApplication, type NodeAuthOptions } from '@azure/msal-node';
import { isSecureEnough } from '#domain/network/secure-url.ts';
import type { GraphConfig, GraphCredential } from '#graph/port/graph-config.ts';
import { createEntraNetwork } from './entra-network.ts';

/** Takes the configured authority. Throws a RangeError for anything but https, or http on loopback. */
export function authorityUrl(config: GraphConfig): URL {
  const url = new URL(config.authority);
  if (!isSecureEnough(url) || url.username !== '' || url.password !== '') {
    throw new RangeError('the authority must be https, or http on loopback, without user info');
  }
  return url;
}

/**
 * Takes the configuration, a tenant and a listener for failures of the network, and returns MSAL's client of
 * that tenant's authority. Throws as authorityUrl does, and for a certificate that cannot be read.
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
      // Entra's endpoints are fixed by tenant; given them, MSAL asks no discovery document whom to trust.
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
      // Retries are Temporal's alone.
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
