import type { Store } from '../store/store.ts';
import type { SimulatorTenant } from '../store/tenant.ts';

/** The tenants with their users and passwords: what the start script and the token command need to know. */
export function directoryListing(store: Store): readonly SimulatorTenant[] {
  return store.tenants();
}
