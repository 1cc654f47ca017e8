/** A group of a tenant's directory, as Graph tells of it. */
export interface DirectoryGroup {
  /** Entra's object id, in lower case. */
  readonly groupId: string;
  readonly displayName: string;
  readonly securityEnabled: boolean;
  readonly mailEnabled: boolean;
  readonly membershipType: 'assigned' | 'dynamic';
  /** Null where the members are assigned. */
  readonly membershipRule: string | null;
  /** Whether it is synchronized from a directory of the customer's own. */
  readonly onPremises: boolean;
}
