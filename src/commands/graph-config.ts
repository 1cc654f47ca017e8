import type { Config, Secrets } from '#config.ts';
import type { GraphConfig } from '#graph/port/graph-config.ts';

/** The settings of the clients of Graph and Entra ID, from the environment. */
export function graphConfig(config: Config, secrets: Secrets): GraphConfig {
  const { clientSecret, clientCertificatePem } = secrets;
  return {
    baseUrl: config.GRAPH_BASE_URL,
    authority: config.ENTRA_AUTHORITY,
    clientId: config.ENTRA_CLIENT_ID,
    callsInFlightMax: config.GRAPH_MAX_CALLS_IN_FLIGHT,
    credential:
      clientCertificatePem === null
        ? { kind: 'secret', clientSecret: clientSecret ?? '' }
        : { kind: 'certificate', certificatePem: clientCertificatePem },
  };
}
