/** Options of a simulator; each has a default. */
export interface SimulatorOptions {
  /** Address to listen on. Default: 127.0.0.1. */
  readonly host?: string | undefined;
  /** Default: 0, any free port. */
  readonly port?: number | undefined;
  /** Folder for the state. Default: in memory. */
  readonly dataDir?: string | undefined;
  /** A folder of exported objects to seed from. */
  readonly seedDir?: string | undefined;
  /** Create the sample tenants in an empty state. Default: true. */
  readonly sample?: boolean | undefined;
  /** The client whose secret is checked. */
  readonly clientId?: string | undefined;
  readonly clientSecret?: string | undefined;
  /**
   * Scheme and host of the token issuer, for clients with different addresses of the simulator. Default: those of the
   * request.
   */
  readonly issuerUrl?: string | undefined;
}
