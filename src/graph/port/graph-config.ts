/** The application's proof of identity for Entra ID: a secret, or a PEM text with certificate and private key. */
export type GraphCredential =
  | { readonly kind: 'secret'; readonly clientSecret: string }
  | { readonly kind: 'certificate'; readonly certificatePem: string };

export interface GraphConfig {
  /** `https://graph.microsoft.com`, another cloud's Graph, or the simulator by http on loopback. */
  readonly baseUrl: string;
  /** `https://login.microsoftonline.com`, another cloud's, or the simulator by http on loopback. */
  readonly authority: string;
  readonly clientId: string;
  readonly credential: GraphCredential;
  /** Time limit of one call, body included, in milliseconds. Default: requestTimeoutMsDefault. */
  readonly requestTimeoutMs?: number;
  /** Time limit of one write, body included, in milliseconds. Default: writeTimeoutMsDefault. */
  readonly writeTimeoutMs?: number;
  /** Largest accepted answer in bytes, after decompression. Default: responseBytesMaxDefault. */
  readonly responseBytesMax?: number;
  /** Most calls in flight per tenant, service and kind of read in this process, batches and plain calls. Default: callsInFlightMaxDefault. */
  readonly callsInFlightMax?: number;
}

/**
 * Slow lists of large tenants take several seconds; Graph's own gateway gives up after a minute or more. Must stay
 * below the start-to-close timeout of the calling activities.
 */
export const requestTimeoutMsDefault = 30_000;

/** As for reads. The worker configures less, so that a write times out before its settle window ends. */
export const writeTimeoutMsDefault = 30_000;

/** Far above any policy's size; a larger body fails its item and spares the worker's memory. */
export const responseBytesMaxDefault = 16 * 1024 * 1024;

/** At 60 ms a call, eight batches of twenty use up a whole window of Intune's budget in half a second. */
export const callsInFlightMaxDefault = 8;
