/** A user of a simulated directory. Passwords are those of sample accounts and live in plain text. */
export interface SimulatorUser {
  readonly id: string;
  readonly userPrincipalName: string;
  readonly displayName: string;
  readonly password: string;
  /** App roles of the product's application that the user is assigned to. */
  readonly roles: readonly string[];
  /** The role in the product that a demo gives this user; no part of any token. */
  readonly suggestedRole: string | null;
}

/** A simulated tenant without its objects. */
export interface SimulatorTenant {
  readonly tenantId: string;
  readonly displayName: string;
  /** Whether this is the provider's own directory. */
  readonly home: boolean;
  readonly users: readonly SimulatorUser[];
  /** The application permissions that the tenant has consented to; absent where it has consented to all of them. */
  readonly permissions?: readonly string[];
}
