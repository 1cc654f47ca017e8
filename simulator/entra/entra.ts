import type { Store } from '../store/store.ts';
import type { SimulatorTenant } from '../store/tenant.ts';
import { EntraProblem } from './problem.ts';
import type { SigningKeys } from './signing-keys.ts';

/** The parts behind the directory's endpoints. */
export interface Entra {
  readonly store: Store;
  readonly keys: SigningKeys;
  /** The client whose secret is checked; other clients may send any secret. */
  readonly client: { readonly id: string; readonly secret: string } | null;
  /** Scheme and host of the issuer; null for those of the request. */
  readonly issuerUrl: string | null;
  /** Each authorization code works once. */
  readonly redeemedCodes: Set<string>;
}

const sharedAuthorities = ['common', 'organizations', 'consumers'];

/**
 * Finds the tenant of an authority's first segment: by its id or a user's domain. Returns null for the shared
 * authorities.
 * @throws EntraProblem (AADSTS90002) for an unknown tenant.
 */
export function tenantOf(store: Store, segment: string): SimulatorTenant | null {
  if (sharedAuthorities.includes(segment.toLowerCase())) return null;
  const domain = `@${segment.toLowerCase()}`;
  const tenant =
    store.tenant(segment) ??
    store
      .tenants()
      .find(({ users }) =>
        users.some((user) => user.userPrincipalName.toLowerCase().endsWith(domain)),
      );
  if (tenant === undefined) {
    throw new EntraProblem(
      400,
      'invalid_tenant',
      90002,
      `Tenant '${segment}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud.`,
    );
  }
  return tenant;
}
