/** The roles of a principal in a tenant. */
export type TenantRole = 'reader' | 'operator' | 'manager' | 'owner';

/** A user of the simulator's directory; the password is public. */
export interface DirectoryUser {
  id: string;
  userPrincipalName: string;
  displayName: string;
  password: string;
  roles?: string[];
  suggestedRole?: TenantRole | null;
}

/** A tenant of the simulator; `home` marks the provider's own. */
export interface DirectoryTenant {
  tenantId: string;
  displayName: string;
  home: boolean;
  users: DirectoryUser[];
}

const timeoutMs = 10_000;

/** Asks the simulator for its tenants and users. */
export async function readDirectory(simulatorUrl: string): Promise<DirectoryTenant[]> {
  const response = await fetch(`${simulatorUrl}/_sim/directory`, {
    signal: AbortSignal.timeout(timeoutMs),
  });
  if (!response.ok) throw new Error(`The simulator's directory answers ${response.status}`);
  return (await response.json()) as DirectoryTenant[];
}
