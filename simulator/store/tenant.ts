/** A user of a simulated directory. Passwords are plain text: they belong to sample accounts. */
export interface SimulatorUser {
  readonly id: string;
  readonly userPrincipalName: string;
  readonly displayName: string;
  readonly password: string;
  /** The user's app roles in the product's application. */
  readonly roles: readonly string[];
  /** The product role of this user in a demo; never part of a token. */
  readonly suggestedRole: string | null;
}

/** A simulated tenant without its objects. */
export interface SimulatorTenant {
  readonly tenantId: string;
  readonly displayName: string;
  /** True for the provider's own directory. */
  readonly home: boolean;
  readonly users: readonly SimulatorUser[];
  /** Application permissions that the tenant consented to. Default: all. */
  readonly permissions?: readonly string[];
}
