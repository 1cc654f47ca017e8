/** How a simulator is started; everything has a default. */
export interface SimulatorOptions {
  /** The address to listen on; 127.0.0.1 by default. */
  readonly host?: string | undefined;
  /** 0, the default, takes a free port. */
  readonly port?: number | undefined;
  /** The folder of the state; without one it lives in memory. */
  readonly dataDir?: string | undefined;
  /** A folder of exported objects to seed from. */
  readonly seedDir?: string | undefined;
  /** Whether an empty state gets the sample tenants; true by default. */
  readonly sample?: boolean | undefined;
  /** The client whose secret is checked. */
  readonly clientId?: string | undefined;
  readonly clientSecret?: string | undefined;
  /** Scheme and host of the issuer of tokens, where clients reach the simulator under several; that of the request by default. */
  readonly issuerUrl?: string | undefined;
}
