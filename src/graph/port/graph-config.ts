/** How the application proves itself to Entra ID: a secret, or a PEM text with certificate and private key. */
export type GraphCredential =
  | { readonly kind: 'secret'; readonly clientSecret: string }
  | { readonly kind: 'certificate'; readonly certificatePem: string };

export interface GraphConfig {
  /** `https://graph.microsoft.com`, another cloud's Graph, or the simulator on http and loopback. */
  readonly baseUrl: string;
  /** `https://login.microsoftonline.com`, another cloud's, or the simulator on http and loopback. */
  readonly authority: string;
  readonly clientId: string;
  readonly credential: GraphCredential;
  /** Time limit of one call, body included. Default: requestTimeoutMsDefault. */
  readonly requestTimeoutMs?: number;
  /** Time limit of one write, body included. Default: writeTimeoutMsDefault. */
  readonly writeTimeoutMs?: number;
  /** Largest answer that is read, after decompression. Default: responseBytesMaxDefault. */
  readonly responseBytesMax?: number;
  /** Calls, batches and plain ones, that a tenant may have in flight at once in this process. Default: 8. */
  readonly callsInFlightMax?: number;
}

/**
 * Slow lists of large tenants take several seconds; Graph's own gateway gives up at a minute or more. The
 * limit must stay below the start-to-close time of the activities that call.
 */
export const requestTimeoutMsDefault = 30_000;

/** As for reads; whoever settles ambiguous writes configures less than the time after which they are settled. */
export const writeTimeoutMsDefault = 30_000;

/** No policy is near this size; a larger body is an error of that item, not of the worker. */
export const responseBytesMaxDefault = 16 * 1024 * 1024;

/** At 60 ms a call, eight batches of twenty bring a whole window of Intune's budget in half a second. */
export const callsInFlightMaxDefault = 8;
