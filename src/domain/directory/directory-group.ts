/** A group of a tenant's directory, as Graph describes it. */
export interface DirectoryGroup {
  /** Entra's object id, in lower case. */
  readonly groupId: string;
  readonly displayName: string;
  readonly securityEnabled: boolean;
  readonly mailEnabled: boolean;
  readonly membershipType: 'assigned' | 'dynamic';
  /** Null if an administrator assigns the members. */
  readonly membershipRule: string | null;
  /** True if the group is synchronized from an on-premises directory. */
  readonly onPremises: boolean;
}
